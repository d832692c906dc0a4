import { expect, test } from "vitest";
import { CATALOG } from "../testing";
import { metricLabel, metricTitle, splitLabel } from "./metrics";

const TYPES = CATALOG.metrics;

test("a metric is called as the server calls its values", () => {
  expect(metricLabel("accuracy", TYPES)).toBe("accuracy");
  expect(metricLabel({ type: "top_k", k: 5 }, TYPES)).toBe("top_k");
  expect(metricLabel({ type: "top_k", k: 3 }, TYPES)).toBe("top_k(k=3)");
  expect(metricLabel({ type: "x", beta: 2, ids: [0, 1], kind: "PR" }, TYPES)).toBe(
    "x(beta=2, ids=[0, 1], kind=PR)",
  );
});

test("a name is told apart into type and parameters", () => {
  expect(splitLabel("top_k(k=3)")).toEqual({ type: "top_k", params: "k=3" });
  expect(splitLabel("loss")).toEqual({ type: "loss", params: null });
  expect(metricTitle("top_k(k=3)", TYPES)).toBe("Top-k accuracy (k 3)");
  expect(metricTitle("unheard_of", TYPES)).toBe("unheard_of");
});
