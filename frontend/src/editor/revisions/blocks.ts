/** What changed inside of a network's blocks, in words. */
import type { BlockParameter } from "../../api";
import { type PictureMark, showValue } from "../../ui";
import { heldBlocks } from "../blocks/library";
import { type Block, type Blocks, type Draft, type LayerTypes, sameValue } from "../draft";
import { layers, moves, wires } from "./layers";

export interface BlockDifference {
  /** Its name in the document. */
  readonly name: string;
  /** What people call it now. */
  readonly title: string;
  readonly sentences: readonly string[];
}

/**
 * The blocks of both states that are not alike, in the order of the later one. A block that is in
 * only one of them came or went with the layers that are made of it, which are told themselves.
 */
export function blockDifferences(
  before: Blocks,
  after: Blocks,
  types: LayerTypes,
): BlockDifference[] {
  return Object.entries(after).flatMap(([name, block]) => {
    const old = before[name];
    const sentences = old ? within(old, block, types) : [];
    return sentences.length > 0 ? [{ name, title: block.title || name, sentences }] : [];
  });
}

/** The layers of a network that are made of a changed block, at whatever depth it lies. */
export function usesOfChanged(
  network: Draft,
  changed: readonly BlockDifference[],
): Record<string, PictureMark> {
  const uses = network.nodes.filter((node) => {
    const held = heldBlocks(network.blocks ?? {}, [node]);
    return changed.some(({ name }) => Object.hasOwn(held, name));
  });
  return Object.fromEntries(uses.map(({ id }) => [id, "changed"]));
}

function within(before: Block, after: Block, types: LayerTypes): string[] {
  return [
    ...text("Titled", before.title, after.title),
    ...text("Described as", before.summary, after.summary),
    ...layers(before, after, types).sentences,
    ...wires(before, after),
    ...parameters(before.parameters ?? {}, after.parameters ?? {}),
    ...moves(before, after),
  ];
}

function text(verb: string, before: string | null = null, after: string | null = null): string[] {
  return before === after ? [] : [`${verb} “${after ?? ""}” instead of “${before ?? ""}”.`];
}

type Parameters = Readonly<Record<string, BlockParameter>>;

function parameters(before: Parameters, after: Parameters): string[] {
  const told = Object.entries(after).flatMap(([name, now]) => {
    const old = before[name];
    return old
      ? parameter(name, old, now)
      : [`Added the parameter ${name}, at first ${showValue(now.default)}.`];
  });
  const gone = Object.keys(before).filter((name) => !Object.hasOwn(after, name));
  return [...told, ...gone.map((name) => `Removed the parameter ${name}.`)];
}

function parameter(name: string, before: BlockParameter, after: BlockParameter): string[] {
  const told: string[] = [];
  if (!sameValue(before.default, after.default)) {
    told.push(
      `Parameter ${name}: default ${showValue(before.default)} → ${showValue(after.default)}.`,
    );
  }
  const [old, now] = [targets(before), targets(after)];
  if (old !== now) told.push(`Parameter ${name}: sets ${now} instead of ${old}.`);
  return told;
}

/** "conv.filters, conv_1.filters" */
function targets({ sets }: BlockParameter): string {
  return sets.map((path) => path.join(".")).join(", ") || "nothing";
}
