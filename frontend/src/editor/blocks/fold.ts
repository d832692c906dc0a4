/** Folding layers into a block: what the cut wires carry becomes its inputs and outputs. */
import type { BlockParameter, Edge } from "../../api";
import {
  type Block,
  type Draft,
  type DraftNode,
  findNode,
  freshId,
  idsOf,
  type LayerTypes,
  nodeName,
  type Outcome,
  refuse,
  retargeted,
  snakeCase,
} from "../draft";
import { flowOf, pathBetween } from "../flow";
import { GAP, join, type Layout, type Point, STEP, split } from "../places";
import { outputOf } from "../ports";

const NAME = "block";

/** Put layers into a new block, and one use of it in their place. */
export function fold(
  draft: Draft,
  types: LayerTypes,
  ids: readonly string[],
): Outcome<{ draft: Draft; id: string; block: string }> {
  const chosen = new Set(ids.filter((id) => findNode(draft, id)));
  const use = [...types.values()].find(({ role }) => role === "block");
  const reason = use ? whyNot(draft, types, chosen) : "This server knows no blocks.";
  if (!use || reason !== null) return refuse(reason ?? "");

  const taken = new Set([...Object.keys(draft.blocks ?? {}), ...idsOf(draft)]);
  const name = freshId(NAME, taken);
  const ends = new Ends(draft, types, chosen);
  const outer = outside(draft, chosen, name, ends);
  const { at, layout } = places(draft, chosen);
  const sets = (target: readonly string[]) => chosen.has(target[0] ?? "");
  const passed = Object.entries(draft.parameters ?? {}).flatMap(([key, told]) => {
    const inner = told.sets.filter(sets);
    return inner.length > 0 ? [[key, { ...told, sets: inner }] as const] : [];
  });
  // A parameter of the block around it reaches through: as an argument of the new one.
  const others = retargeted(draft, (target) => (sets(target) ? [] : [[...target]])).parameters;
  const through = passed.map(([key, told]): [string, BlockParameter] => {
    const rest = others?.[key]?.sets ?? [];
    const target: string[] = [name, "arguments", key];
    return [key, { ...told, sets: [...rest, target] }];
  });
  const parameters = { ...others, ...Object.fromEntries(through) };
  const block: Block = {
    title: titleOf(name),
    ...ends.inside(layoutOf(draft, chosen)),
    parameters: Object.fromEntries(passed),
  };
  const node: DraftNode = { id: name, type: use.type, params: { block: name } };
  const first = draft.nodes.findIndex(({ id }) => chosen.has(id));
  const rest = draft.nodes.filter(({ id }) => !chosen.has(id));
  const before = draft.nodes.slice(0, first).filter(({ id }) => !chosen.has(id)).length;
  return {
    ok: true,
    id: name,
    block: name,
    draft: {
      ...draft,
      nodes: [...rest.slice(0, before), node, ...rest.slice(before)],
      edges: outer,
      layout: { ...layout, [name]: at },
      blocks: { ...draft.blocks, [name]: block },
      ...(draft.parameters ? { parameters } : {}),
    },
  };
}

/** "block_2" → "Block 2" */
function titleOf(name: string): string {
  const words = name.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Why these layers cannot be folded, for people; null when they can. */
function whyNot(draft: Draft, types: LayerTypes, chosen: ReadonlySet<string>): string | null {
  if (chosen.size === 0) return "Select the layers to fold first: Shift and drag draws a frame.";
  const called = (id: string) => {
    const node = findNode(draft, id);
    return node ? nodeName(node) : id;
  };
  for (const id of chosen) {
    const role = types.get(findNode(draft, id)?.type ?? "")?.role;
    if (role === "input" || role === "output") {
      const edge = role === "input" ? "begins" : "ends";
      return `${called(id)} ${edge} what is on the canvas and stays outside of a block. Leave it out of the selection.`;
    }
  }
  const { before, after } = flowOf(draft);
  for (const start of chosen) {
    for (const next of after.get(start) ?? []) {
      if (chosen.has(next)) continue;
      for (const end of chosen) {
        // The ways out of the selection and back into it.
        if (!(before.get(end) ?? []).some((id) => !chosen.has(id))) continue;
        const way = pathBetween(draft, next, end);
        const between = way?.filter((id) => !chosen.has(id));
        if (between?.length) {
          return `${between.map(called).join(" and ")} would have to come after the block and before it. Select ${between.length > 1 ? "them" : "it"} too.`;
        }
      }
    }
  }
  for (const node of draft.nodes) {
    const { shares } = node;
    if (!shares || chosen.has(node.id) === chosen.has(shares)) continue;
    return `${nodeName(node)} computes with the weights of ${called(shares)}. Fold both, or give it weights of its own first.`;
  }
  return null;
}

/** Where a wire comes from. */
interface Spring {
  readonly source: string;
  readonly output: string | null;
}

/** The inputs and outputs of the block, and the wires inside. */
class Ends {
  private readonly taken: Set<string>;
  private readonly inputs = new Map<string, Spring & { id: string }>();
  private readonly outputs = new Map<string, Spring & { id: string }>();
  private readonly wires: Edge[] = [];
  private readonly kinds: Readonly<Record<"input" | "output", string>>;

  constructor(
    private readonly draft: Draft,
    private readonly types: LayerTypes,
    private readonly chosen: ReadonlySet<string>,
  ) {
    const all = [...types.values()];
    const kind = (wanted: string) => all.find(({ role }) => role === wanted)?.type ?? "";
    this.kinds = { input: kind("input"), output: kind("output") };
    this.taken = new Set(chosen);
    for (const edge of draft.edges) this.read(edge);
    this.openEnds();
  }

  private read(edge: Edge) {
    const [from, to] = [this.chosen.has(edge.source), this.chosen.has(edge.target)];
    if (from && to) this.wires.push(edge);
    else if (to) {
      const { output: _, ...wire } = edge;
      this.wires.push({ ...wire, source: this.end("input", this.spring(edge)).id });
    } else if (from) this.end("output", this.spring(edge));
  }

  spring(edge: Edge): Spring {
    return { source: edge.source, output: outputOf(this.draft, this.types, edge) };
  }

  /** The end that stands for a wire's beginning: one for all wires from there. */
  end(role: "input" | "output", spring: Spring): Spring & { id: string } {
    const known = role === "input" ? this.inputs : this.outputs;
    const key = `${spring.source}.${spring.output ?? ""}`;
    const found = known.get(key);
    if (found) return found;
    const id = freshId(snakeCase(this.kinds[role]), this.taken);
    this.taken.add(id);
    const end = { ...spring, id };
    known.set(key, end);
    return end;
  }

  /** In a network that is not whole yet: what has no wire is where values enter and leave. */
  private openEnds() {
    const nodes = this.draft.nodes.filter(({ id }) => this.chosen.has(id));
    if (this.inputs.size === 0) {
      const fed = new Set(this.wires.map(({ target }) => target));
      for (const { id, type } of nodes) {
        if (fed.has(id) || this.types.get(type)?.inputs.maximum === 0) continue;
        const end = this.end("input", { source: `for ${id}`, output: null });
        this.wires.push({ source: end.id, target: id });
      }
    }
    if (this.outputs.size === 0) {
      const feeding = new Set(this.wires.map(({ source }) => source));
      for (const { id, type } of nodes) {
        if (feeding.has(id) || this.types.get(type)?.has_output === false) continue;
        this.end("output", { source: id, output: null });
      }
    }
  }

  /** The name of an end as a wire outside tells it: none where there is only one. */
  named(role: "input" | "output", spring: Spring): string | null {
    const count = role === "input" ? this.inputs.size : this.outputs.size;
    const { id } = this.end(role, spring);
    return count > 1 ? id : null;
  }

  inside(layout: Layout): Pick<Block, "nodes" | "edges" | "layout"> {
    const { heading } = this.draft;
    const ends = [...this.outputs.values()];
    const node = (role: "input" | "output", id: string): DraftNode => ({
      id,
      type: this.kinds[role],
      params: {},
    });
    const places = Object.values(layout).map((at) => split(at, heading));
    const along = places.map((place) => place.along);
    const across = places.map((place) => place.across);
    const middle = (Math.min(...across) + Math.max(...across)) / 2;
    const row = (ids: readonly string[], at: number): [string, Point][] =>
      ids.map((id, index) => [
        id,
        join(at, Math.round(middle + (index - (ids.length - 1) / 2) * GAP[heading]), heading),
      ]);
    const inputs = [...this.inputs.values()].map(({ id }) => id);
    const outputs = ends.map(({ id }) => id);
    return {
      nodes: [
        ...inputs.map((id) => node("input", id)),
        ...this.draft.nodes.filter(({ id }) => this.chosen.has(id)),
        ...outputs.map((id) => node("output", id)),
      ],
      edges: [
        ...this.wires,
        ...ends.map(({ source, output, id }) => ({
          source,
          target: id,
          ...(output ? { output } : {}),
        })),
      ],
      layout: {
        ...Object.fromEntries(row(inputs, Math.min(...along) - STEP[heading])),
        ...layout,
        ...Object.fromEntries(row(outputs, Math.max(...along) + STEP[heading])),
      },
    };
  }
}

/** The wires around the block, in the places of those that led into it and out of it. */
function outside(draft: Draft, chosen: ReadonlySet<string>, id: string, ends: Ends): Edge[] {
  const fed = new Set<string>();
  return draft.edges.flatMap((edge): Edge[] => {
    const [from, to] = [chosen.has(edge.source), chosen.has(edge.target)];
    if (from && to) return [];
    if (from) {
      const { output: _, ...wire } = edge;
      const output = ends.named("output", ends.spring(edge));
      return [{ ...wire, source: id, ...(output ? { output } : {}) }];
    }
    if (!to) return [edge];
    const spring = ends.spring(edge);
    const port = ends.named("input", spring);
    const key = `${spring.source}.${spring.output ?? ""}`;
    if (fed.has(key)) return [];
    fed.add(key);
    const { port: _, ...wire } = edge;
    return [{ ...wire, target: id, ...(port ? { port } : {}) }];
  });
}

function layoutOf(draft: Draft, chosen: ReadonlySet<string>): Layout {
  const entries = [...chosen].map((id): [string, Point] => [id, draft.layout[id] ?? [0, 0]]);
  const left = Math.min(...entries.map(([, [x]]) => x));
  const top = Math.min(...entries.map(([, [, y]]) => y));
  return Object.fromEntries(entries.map(([id, [x, y]]) => [id, [x - left, y - top] as const]));
}

/**
 * Where the block stands: in the middle of what it holds. Where nothing stood beside that, it is at
 * the beginning of it, in line with its neighbours, and what follows moves up behind it.
 */
function places(draft: Draft, chosen: ReadonlySet<string>) {
  const { heading } = draft;
  const of = (which: (id: string) => boolean) =>
    draft.nodes.flatMap((node) => {
      const at = draft.layout[node.id];
      return at && which(node.id) ? [{ id: node.id, ...split(at, heading) }] : [];
    });
  const inner = of((node) => chosen.has(node));
  const others = of((node) => !chosen.has(node));
  const along = inner.map((place) => place.along);
  const across = inner.map((place) => place.across);
  const [begin, end] = [Math.min(...along), Math.max(...along)];
  const middle = Math.round((Math.min(...across) + Math.max(...across)) / 2);
  const alone = !others.some((place) => place.along > begin - 1 && place.along < end + 1);
  const layout: Record<string, Point> = {};
  for (const place of others) {
    const closer = alone && place.along > end ? place.along - (end - begin) : place.along;
    layout[place.id] = join(closer, place.across, heading);
  }
  const around = draft.edges.flatMap(({ source, target }) => {
    const [from, to] = [chosen.has(source), chosen.has(target)];
    const place = from === to ? undefined : draft.layout[from ? target : source];
    return place ? [split(place, heading).across] : [];
  });
  const straight = Math.round(around.reduce((sum, place) => sum + place, 0) / around.length);
  const at = alone
    ? join(begin, around.length > 0 ? straight : middle, heading)
    : join(Math.round((begin + end) / 2), middle, heading);
  return { at, layout };
}
