/** Everything that a user can do to the work. Refusals come back with their reason. */
import type { Fix, Recipe } from "../api";
import { BlockActions } from "./blocks/actions";
import { broughtIn } from "./blocks/library";
import { duplicateNodes, pastePart } from "./clipboard";
import { addNode, type Draft, moveNodes, renameNode, setParams, setTitle } from "./draft";
import { applyFix } from "./fix";
import { type Addition, insertAfter, insertAtWire, type WireEnd } from "./insert";
import type { Heading, Point } from "./places";
import { workOf } from "./state";
import { tidy, turned } from "./tidy";
import {
  connect,
  disconnect,
  edgeKey,
  insertOnEdge,
  reconnect,
  removeNodes,
  spliceNode,
} from "./wires";
import type { Work } from "./work";

/** Everything that a user can do to the work. Refusals come back with their reason. */
export class DocumentActions extends BlockActions {
  /** Add a layer after the selection (or at the end) and select it. */
  insert(addition: Addition) {
    const { types, selection } = this.store.getState();
    const { draft, type, params } = this.bring(addition);
    const added = insertAfter(draft, types, type, selection.nodes, params);
    this.edit(added.draft, { select: [added.id] });
    this.announce(`Added ${added.id}.`);
  }

  insertAt(addition: Addition, at: Point) {
    const { draft, type, params } = this.bring(addition);
    const added = addNode(draft, type, at, params);
    this.edit(added.draft, { select: [added.id] });
    this.announce(`Added ${added.id}.`);
  }

  insertOn(addition: Addition, edge: string, at?: Point): string | null {
    const { types } = this.store.getState();
    const { draft, type, params } = this.bring(addition);
    const wire = draft.edges.find((other) => edgeKey(other) === edge);
    if (!wire) return "That wire is no longer there.";
    return this.attempt(insertOnEdge(draft, types, type, wire, params, at));
  }

  insertAtWire(addition: Addition, wire: WireEnd, at: Point): string | null {
    const { types } = this.store.getState();
    const { draft, type, params } = this.bring(addition);
    return this.attempt(insertAtWire(draft, types, type, wire, at, params));
  }

  /** What is on the canvas, with the blocks that what is added is made of. */
  private bring({ type, params = {}, blocks }: Addition) {
    const { draft } = this.store.getState();
    return { type, ...(blocks ? broughtIn(draft, params, blocks) : { draft, params }) };
  }

  splice(id: string, edge: string, at: Point): string | null {
    const { draft, types } = this.store.getState();
    const wire = draft.edges.find((other) => edgeKey(other) === edge);
    if (!wire) return "That wire is no longer there.";
    return this.attempt(spliceNode(moveNodes(draft, { [id]: at }), types, id, wire));
  }

  connect(
    source: string,
    target: string,
    port?: string | null,
    output?: string | null,
  ): string | null {
    const { draft, types } = this.store.getState();
    const reason = this.attempt(connect(draft, types, source, target, port, output));
    if (!reason) this.announce(`Connected ${source} to ${target}.`);
    return reason;
  }

  reconnect(
    edge: string,
    source: string,
    target: string,
    port?: string | null,
    output?: string | null,
  ): string | null {
    const { draft, types } = this.store.getState();
    const old = draft.edges.find((other) => edgeKey(other) === edge);
    if (!old) return "That wire is no longer there.";
    return this.attempt(reconnect(draft, types, old, source, target, port, output));
  }

  disconnect(edge: string) {
    const { draft, types } = this.store.getState();
    const wires = draft.edges.filter((old) => edgeKey(old) === edge);
    this.edit(disconnect(draft, types, wires));
  }

  move(positions: Readonly<Record<string, Point>>) {
    this.edit(moveNodes(this.store.getState().draft, positions));
  }

  /** Move the selected layers by so much; moves in quick succession are one undo step. */
  nudge([dx, dy]: Point) {
    const { draft, selection } = this.store.getState();
    const moved = selection.nodes.map((id): [string, Point] => {
      const [x, y] = draft.layout[id] ?? [0, 0];
      return [id, [x + dx, y + dy]];
    });
    this.edit(moveNodes(draft, Object.fromEntries(moved)), { merge: "nudge" });
  }

  /** Delete what is selected; the selection goes on to what stood before it. */
  removeSelection() {
    const { draft, types, selection } = this.store.getState();
    const before = draft.edges.find(
      ({ source, target }) => selection.nodes.includes(target) && !selection.nodes.includes(source),
    );
    const cut = disconnect(
      draft,
      types,
      draft.edges.filter((edge) => selection.edges.includes(edgeKey(edge))),
    );
    const rest = removeNodes(cut, types, selection.nodes);
    this.edit(rest, { select: before ? [before.source] : [] });
    if (selection.nodes.length > 0) this.announce(`Removed ${selection.nodes.join(", ")}.`);
  }

  duplicateSelection() {
    const { draft, selection } = this.store.getState();
    const copied = duplicateNodes(draft, selection.nodes);
    this.edit(copied.draft, { select: copied.ids });
  }

  paste(part: Draft, at?: Point) {
    const pasted = pastePart(this.store.getState().draft, part, at);
    this.edit(pasted.draft, { select: pasted.ids });
  }

  setParam(id: string, name: string, value: unknown) {
    const { draft, types } = this.store.getState();
    this.edit(setParams(draft, types, id, { [name]: value }), { merge: `${id}.${name}` });
  }

  setTitle(id: string, title: string) {
    this.edit(setTitle(this.store.getState().draft, id, title));
  }

  rename(id: string, wanted: string): string | null {
    const renamed = renameNode(this.store.getState().draft, id, wanted);
    return this.attempt(renamed, renamed.ok ? { select: [wanted] } : {});
  }

  setName(name: string) {
    const { network } = this.store.getState();
    if (network.name !== name) this.commit({ network: { ...network, name } });
  }

  setDataset(datasetId: string | null) {
    this.commit({ datasetId });
  }

  setRecipe(recipe: Recipe) {
    this.commit({ recipe }, { merge: "recipe" });
  }

  tidy() {
    this.edit(tidy(this.store.getState().draft));
  }

  /** Let the network flow the other way: downwards or to the right. */
  turn(heading: Heading) {
    this.edit(turned(this.store.getState().draft, heading));
  }

  applyFix(fix: Fix): string | null {
    const state = this.store.getState();
    const fixed = applyFix(workOf(state), state.types, fix);
    if (!fixed.ok) return fixed.reason;
    this.commit(fixed.work);
    this.announce(`${fix.title}: done.`);
    return null;
  }

  /** Put another version in place of the work, as one step that can be undone. */
  replace(work: Partial<Work>) {
    this.store.setState({ inside: [] });
    this.commit(work, { select: [] });
  }
}
