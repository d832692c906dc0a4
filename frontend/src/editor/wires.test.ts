import { describe, expect, test } from "vitest";
import type { Edge } from "../api";
import type { Draft, Outcome } from "./draft";
import { sketch, TYPES, wiring } from "./testing";
import {
  connect,
  disconnect,
  insertOnEdge,
  judge,
  reconnect,
  removeNodes,
  spliceNode,
} from "./wires";

function must<T>(outcome: Outcome<T>): { readonly ok: true } & T {
  if (!outcome.ok) throw new Error(outcome.reason);
  return outcome;
}

function reason(outcome: Outcome<unknown>): string {
  if (outcome.ok) throw new Error("expected a refusal");
  return outcome.reason;
}

describe("connecting", () => {
  test("an ordinary input takes one wire: the new one replaces the old", () => {
    const draft = sketch("a b c", "a>c");
    expect(wiring(must(connect(draft, TYPES, "b", "c")).draft)).toBe("b>c");
  });

  test("a merging layer takes many wires, in the order they were drawn", () => {
    const draft = sketch("a b c m:Merge", "b>m a>m");
    expect(wiring(must(connect(draft, TYPES, "c", "m")).draft)).toBe("b>m a>m c>m");
  });

  test("a layer with room for two refuses the third and says so", () => {
    const draft = sketch("a b c p:Pair", "a>p b>p");
    expect(reason(judge(draft, TYPES, "c", "p"))).toContain("at most 2 wires");
  });

  test("the same wire twice is refused", () => {
    const draft = sketch("a m:Merge", "a>m");
    expect(reason(judge(draft, TYPES, "a", "m"))).toBe("a already feeds m.");
  });

  test("a layer cannot feed itself", () => {
    expect(reason(judge(sketch("a"), TYPES, "a", "a"))).toContain("cannot feed itself");
  });

  test("a wire that closes a cycle is refused with the way around", () => {
    const draft = sketch("a b c", "a>b b>c");
    expect(reason(judge(draft, TYPES, "c", "a"))).toContain("a → b → c → a");
  });

  test("a long cycle is told in short", () => {
    const draft = sketch("a b c d e f", "a>b b>c c>d d>e e>f");
    expect(reason(judge(draft, TYPES, "f", "a"))).toContain("a → b → … → f → a");
  });

  test("nothing goes into the beginning or out of the end", () => {
    const draft = sketch("start:Start a end:End");
    expect(reason(judge(draft, TYPES, "a", "start"))).toContain("takes no wire");
    expect(reason(judge(draft, TYPES, "end", "a"))).toContain("passes nothing on");
  });

  test("a layer that is gone is refused, not invented", () => {
    expect(reason(judge(sketch("a"), TYPES, "a", "ghost"))).toContain("no longer there");
  });
});

describe("named inputs", () => {
  test("wires fill them in order, and each says which it leads to", () => {
    const one = must(connect(sketch("a b n:Named"), TYPES, "a", "n"));
    const two = must(connect(one.draft, TYPES, "b", "n"));
    expect(wiring(two.draft)).toBe("a>n:left b>n:right");
  });

  test("one layer may feed several of them, each once", () => {
    const draft = sketch("a n:Named", "a>n:left");
    expect(wiring(must(connect(draft, TYPES, "a", "n", "extra")).draft)).toBe("a>n:left a>n:extra");
    expect(reason(judge(draft, TYPES, "a", "n", "left"))).toContain("already feeds the input left");
  });

  test("a wire dropped on one that is taken takes its place", () => {
    const draft = sketch("a b c n:Named", "a>n b>n");
    expect(wiring(must(connect(draft, TYPES, "c", "n", "left")).draft)).toBe("b>n:right c>n:left");
  });

  test("when all are taken, a wire that names none is refused", () => {
    const draft = sketch("a b c d n:Named", "a>n b>n c>n");
    expect(reason(judge(draft, TYPES, "d", "n"))).toContain("All inputs of n have a wire");
  });

  test("a wire that goes leaves the others at their inputs", () => {
    const draft = sketch("a b n:Named", "a>n b>n");
    expect(wiring(disconnect(draft, TYPES, [{ source: "a", target: "n" }]))).toBe("b>n:right");
    expect(wiring(removeNodes(draft, TYPES, ["a"]))).toBe("b>n:right");
    expect(wiring(removeNodes(sketch("x a b n:Named", "x>a a>n b>n"), TYPES, ["a"]))).toBe(
      "x>n:left b>n:right",
    );
  });

  test("a wire's end can be moved to another input of the same layer", () => {
    const draft = sketch("a b n:Named", "a>n:left b>n:right");
    const moved = must(
      reconnect(draft, TYPES, { source: "a", target: "n", port: "left" }, "a", "n", "extra"),
    );
    expect(wiring(moved.draft)).toBe("b>n:right a>n:extra");
  });
});

describe("named outputs", () => {
  const draft: Draft = {
    ...sketch("f:Fold a m:Merge"),
    edges: [
      { source: "f", target: "m", output: "one" },
      { source: "f", target: "a", output: "two" },
    ],
  };

  test("a layer that is put on a wire takes from the same output", () => {
    const { draft: after } = must(insertOnEdge(draft, TYPES, "Plain", draft.edges[0] as Edge));
    expect(wiring(after)).toBe("f.one>plain plain>m f.two>a");
  });

  test("a layer that goes leaves a wire from the output that fed it", () => {
    const longer = { ...draft, edges: [...draft.edges, { source: "a", target: "m" }] };
    const rest = removeNodes({ ...longer, edges: longer.edges.slice(1) }, TYPES, ["a"]);
    expect(wiring(rest)).toBe("f.two>m");
  });

  test("a wire whose end is moved keeps its output, one that comes from elsewhere does not", () => {
    const [wire] = draft.edges as [Edge];
    expect(wiring(must(reconnect(draft, TYPES, wire, "f", "a")).draft)).toBe("f.one>a");
    expect(wiring(must(reconnect(draft, TYPES, wire, "a", "m")).draft)).toBe("a>m f.two>a");
  });
});

describe("moving a wire's end", () => {
  test("the target's order of inputs is kept when its source changes", () => {
    const draft = sketch("a b c m:Merge", "a>m b>m");
    const moved = must(reconnect(draft, TYPES, { source: "a", target: "m" }, "c", "m"));
    expect(wiring(moved.draft)).toBe("c>m b>m");
  });

  test("moving to another target replaces what that target had", () => {
    const draft = sketch("a b c d", "a>b c>d");
    const moved = must(reconnect(draft, TYPES, { source: "a", target: "b" }, "a", "d"));
    expect(wiring(moved.draft)).toBe("a>d");
  });

  test("a wire may turn round, which is no cycle once the old one is gone", () => {
    const draft = sketch("a b", "a>b");
    const moved = must(reconnect(draft, TYPES, { source: "a", target: "b" }, "b", "a"));
    expect(wiring(moved.draft)).toBe("b>a");
  });
});

describe("inserting on a wire", () => {
  test("the new layer stands between and keeps the place among the target's inputs", () => {
    const draft = sketch("a b m:Merge", "a>m b>m");
    const { draft: after, id } = must(
      insertOnEdge(draft, TYPES, "Plain", { source: "a", target: "m" }),
    );
    expect(id).toBe("plain");
    expect(wiring(after)).toBe("a>plain plain>m b>m");
  });

  test("what follows is pushed down when there is no room", () => {
    const draft = sketch("a b c", "a>b b>c");
    const { draft: after } = must(
      insertOnEdge(draft, TYPES, "Plain", { source: "a", target: "b" }),
    );
    const y = (id: string) => after.layout[id]?.[1] ?? Number.NaN;
    expect(y("plain")).toBeGreaterThan(y("a"));
    expect(y("b") - y("plain")).toBeGreaterThanOrEqual(80);
    expect(y("c") - y("b")).toBe(100);
  });

  test("a layer that ends or begins a network cannot stand on a wire", () => {
    const draft = sketch("a b", "a>b");
    const edge = { source: "a", target: "b" };
    expect(reason(insertOnEdge(draft, TYPES, "End", edge))).toContain("cannot stand on a wire");
    expect(reason(insertOnEdge(draft, TYPES, "Start", edge))).toContain("cannot stand on a wire");
  });

  test("a layer that has wires is not spliced into another", () => {
    const draft = sketch("a b c d", "a>b c>d");
    expect(reason(spliceNode(draft, TYPES, "c", { source: "a", target: "b" }))).toContain(
      "already has wires",
    );
  });
});

describe("removing", () => {
  test("the neighbours of a removed layer are connected", () => {
    expect(wiring(removeNodes(sketch("a b c", "a>b b>c"), TYPES, ["b"]))).toBe("a>c");
  });

  test("several in a row leave one wire", () => {
    const draft = sketch("a b c d", "a>b b>c c>d");
    expect(wiring(removeNodes(draft, TYPES, ["b", "c"]))).toBe("a>d");
    expect(wiring(removeNodes(draft, TYPES, ["c", "b"]))).toBe("a>d");
  });

  test("a removed branch keeps its place in the order of inputs", () => {
    const draft = sketch("a b x m:Merge", "a>x x>m b>m");
    expect(wiring(removeNodes(draft, TYPES, ["x"]))).toBe("a>m b>m");
  });

  test("no wire is doubled: a skip connection stays single", () => {
    const draft = sketch("a x m:Merge", "a>x x>m a>m");
    expect(wiring(removeNodes(draft, TYPES, ["x"]))).toBe("a>m");
  });

  test("removing a merging layer before an ordinary one keeps its first input only", () => {
    const draft = sketch("a b m:Merge c", "a>m b>m m>c");
    expect(wiring(removeNodes(draft, TYPES, ["m"]))).toBe("a>c");
  });

  test("position and id are gone with the layer", () => {
    const draft = removeNodes(sketch("a b", "a>b"), TYPES, ["b"]);
    expect(draft.nodes.map((node) => node.id)).toEqual(["a"]);
    expect(Object.keys(draft.layout)).toEqual(["a"]);
  });

  test("cutting a wire leaves the layers", () => {
    const draft = disconnect(sketch("a b c", "a>b b>c"), TYPES, [{ source: "a", target: "b" }]);
    expect(wiring(draft)).toBe("b>c");
    expect(draft.nodes).toHaveLength(3);
  });
});
