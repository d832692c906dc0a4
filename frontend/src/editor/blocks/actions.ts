/** What a user can do with blocks and with layers that share weights. */
import { type Draft, findNode, lender, setParams } from "../draft";
import { Editing } from "../editing";
import { duplicateShared, ownWeights } from "../sharing";
import { fold } from "./fold";
import type { Inside } from "./level";
import { expose, judgeName, setDefault, unexpose } from "./parameters";
import { unfold } from "./unfold";
import { nameBlock, renameParameter, unused } from "./uses";

/** What a user can do with blocks and with layers that share weights; refusals tell why. */
export class BlockActions extends Editing {
  /** Fold the selected layers into a block; its name is the next thing to type. */
  fold(): string | null {
    const { draft, types, selection } = this.store.getState();
    const folded = fold(draft, types, selection.nodes);
    if (!folded.ok) return folded.reason;
    this.edit(folded.draft, { select: [folded.id] });
    this.wish("title");
    this.announce(`Folded ${selection.nodes.length} layers into ${folded.block}.`);
    return null;
  }

  /** Put what the selected block holds in its place. */
  unfold(): string | null {
    const { draft, types, selection } = this.store.getState();
    const [id = "", ...others] = selection.nodes;
    const unfolded = unfold(draft, types, others.length > 0 ? "" : id);
    if (!unfolded.ok) return unfolded.reason;
    this.edit(unfolded.draft, { select: unfolded.ids });
    this.announce(`Unfolded ${id} into ${unfolded.ids.length} layers.`);
    return null;
  }

  /** Show what a block of the canvas holds. */
  enter(id: string) {
    const { inside } = this.store.getState();
    this.goTo([...inside, id]);
    this.announce(`Inside ${id}. Changes are for every use of the block.`);
  }

  /** Back to where the open block is used, or to a level further out. */
  leave(levels: Inside = this.store.getState().inside.slice(0, -1)) {
    const { inside } = this.store.getState();
    const from = inside[levels.length];
    this.goTo(levels, from === undefined ? [] : [from]);
    this.announce(levels.length > 0 ? `Inside ${levels.at(-1)}.` : "The whole network.");
  }

  nameBlock(name: string, title: string) {
    const { network, types } = this.store.getState();
    this.commit({ network: nameBlock(network, types, name, title).network });
  }

  describeBlock(name: string, summary: string) {
    const { network } = this.store.getState();
    const { summary: before, ...block } = network.blocks?.[name] ?? {};
    const wanted = summary.trim().slice(0, 2000);
    if (!network.blocks?.[name] || wanted === (before ?? "")) return;
    const changed = { ...network.blocks[name], ...block, summary: wanted || null };
    this.commit({ network: { ...network, blocks: { ...network.blocks, [name]: changed } } });
  }

  /** Forget the blocks that nothing is made of. */
  forgetBlocks() {
    const { network, types } = this.store.getState();
    const gone = unused(network, types);
    const kept = Object.entries(network.blocks ?? {}).filter(([name]) => !gone.includes(name));
    this.commit({ network: { ...network, blocks: Object.fromEntries(kept) } });
    this.announce(`Forgot ${gone.join(", ")}.`);
  }

  /** Set what a use passes to its block; undefined goes back to the block's default. */
  setArgument(id: string, name: string, value: unknown) {
    const { draft, types } = this.store.getState();
    const { [name]: _, ...others } = (findNode(draft, id)?.params.arguments ?? {}) as Record<
      string,
      unknown
    >;
    const some = value === undefined ? others : { ...others, [name]: value };
    const given = Object.keys(some).length > 0 ? some : undefined;
    this.edit(setParams(draft, types, id, { arguments: given }), { merge: `${id} ${name}` });
  }

  /** Let the open block's uses set a field of a layer: by a new argument, or by one that is there. */
  expose(target: readonly string[], name?: string) {
    const { draft, types } = this.store.getState();
    const exposed = expose(draft, types, target, name);
    this.edit(exposed.draft);
    this.announce(`${exposed.name} is an argument of the block now.`);
  }

  unexpose(name: string, only?: readonly string[]) {
    const { draft, types } = this.store.getState();
    this.edit(unexpose(draft, types, name, only));
  }

  setDefault(name: string, value: unknown) {
    const { draft } = this.store.getState();
    this.edit(setDefault(draft, name, value), { merge: `default ${name}` });
  }

  renameParameter(from: string, to: string): string | null {
    const { draft, network, types, open } = this.store.getState();
    const judged = judgeName(draft, from, to);
    if (!judged.ok) return judged.reason;
    if (from === to || open === null) return null;
    this.commit({ network: renameParameter(network, types, open, from, to) });
    return null;
  }

  /** Put layers beside the selected ones that compute with the same weights. */
  duplicateShared(): string | null {
    const { draft, types, selection } = this.store.getState();
    const made = duplicateShared(draft, types, selection.nodes);
    if (!made.ok) return made.reason;
    this.edit(made.draft, { select: made.ids });
    this.announce(`Added ${made.ids.join(", ")} with shared weights.`);
    return null;
  }

  /** Let the selected layers have weights of their own from now on. */
  ownWeights() {
    const { draft, selection } = this.store.getState();
    this.edit(selection.nodes.reduce((rest: Draft, id) => ownWeights(rest, id), draft));
  }

  /** Select the layer whose weights a layer computes with. */
  selectLender(id: string) {
    const { draft } = this.store.getState();
    const own = lender(draft, findNode(draft, id));
    if (own) this.select([own.id]);
  }
}
