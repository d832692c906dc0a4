/** The small drawing of a network. */
import { expect, it } from "vitest";
import { picture } from "./picture";

const nodes = (...ids: string[]) => ids.map((id) => ({ id, type: "T" }));
const edges = (...wires: string[]) =>
  wires.map((wire) => {
    const [source = "", target = ""] = wire.split(">");
    return { source, target };
  });
const columns = (drawn: ReturnType<typeof picture>) =>
  Object.fromEntries(drawn.nodes.map((node) => [node.id, node.column]));

it("puts a layer behind the longest way to it", () => {
  const drawn = picture({
    nodes: nodes("a", "b", "c", "d"),
    edges: edges("a>b", "b>c", "a>d", "c>d"),
  });
  expect(columns(drawn)).toEqual({ a: 0, b: 1, c: 2, d: 3 });
  expect(drawn.wires).toHaveLength(4);
});

it("puts branches beside each other in the order of the layout", () => {
  const drawn = picture({
    nodes: nodes("a", "right", "left", "z"),
    edges: edges("a>left", "a>right", "left>z", "right>z"),
    layout: { a: [0, 0], right: [300, 100], left: [-300, 100], z: [0, 200] },
  });
  const lane = Object.fromEntries(drawn.nodes.map((node) => [node.id, node.lane]));
  expect(lane).toEqual({ a: 0, left: -0.5, right: 0.5, z: 0 });
  expect(drawn.lanes).toBe(2);
});

it("draws a draft with a cycle and with a wire that leads nowhere", () => {
  const drawn = picture({
    nodes: nodes("a", "b"),
    edges: edges("a>b", "b>a", "b>gone"),
  });
  expect(drawn.nodes).toHaveLength(2);
  expect(drawn.wires).toHaveLength(2);
});

it("draws a chain of ten thousand layers without running out of stack", () => {
  const ids = Array.from({ length: 10_000 }, (_, index) => `n${index}`);
  const drawn = picture({
    nodes: nodes(...[...ids].reverse()),
    edges: ids.slice(1).map((id, index) => ({ source: `n${index}`, target: id })),
  });
  expect(drawn.columns).toBe(10_000);
});
