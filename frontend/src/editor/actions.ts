/** Everything that a user can do to the work. */
import type { Fix, Recipe } from "../api";
import { duplicateNodes, pastePart } from "./clipboard";
import {
  addNode,
  type Draft,
  findNode,
  moveNodes,
  type Outcome,
  renameNode,
  setParams,
  setTitle,
} from "./draft";
import { applyFix } from "./fix";
import { insertAfter, insertAtWire } from "./insert";
import type { Heading, Point } from "./places";
import type { Report } from "./report";
import {
  type Activity,
  type DocumentStore,
  type SearchPlace,
  type Selection,
  type Wish,
  workOf,
} from "./state";
import { placed, tidy, turned } from "./tidy";
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

interface Step {
  /** Steps of the same name that follow each other within a second are one undo step. */
  readonly merge?: string;
  readonly select?: readonly string[];
}

const MERGE_MS = 1000;

/** Everything that a user can do to the work. Refusals come back with their reason. */
export class DocumentActions {
  private merging: { name: string; until: number } | null = null;

  constructor(
    private readonly store: DocumentStore,
    private readonly now: () => number = Date.now,
  ) {}

  /** One user action: one change of the work, one undo step. */
  private commit(work: Partial<Work>, step: Step = {}) {
    const state = this.store.getState();
    const next = { ...workOf(state), ...work };
    if (
      next.draft === state.draft &&
      next.datasetId === state.datasetId &&
      next.recipe === state.recipe
    ) {
      if (step.select) this.select(step.select);
      return;
    }
    const history = this.store.temporal.getState();
    const time = this.now();
    const merged =
      step.merge !== undefined && this.merging?.name === step.merge && time <= this.merging.until;
    this.merging = step.merge === undefined ? null : { name: step.merge, until: time + MERGE_MS };
    const selection = step.select
      ? { nodes: step.select, edges: [] }
      : pruned(state.selection, next.draft);
    if (merged) history.pause();
    this.store.setState({ ...next, draft: placed(next.draft), selection });
    if (merged) history.resume();
  }

  private attempt(outcome: Outcome<{ draft: Draft; id?: string }>, step: Step = {}): string | null {
    if (!outcome.ok) return outcome.reason;
    this.commit({ draft: outcome.draft }, outcome.id ? { select: [outcome.id], ...step } : step);
    return null;
  }

  /** Add a layer after the selection (or at the end) and select it. */
  insert(type: string) {
    const { draft, types, selection } = this.store.getState();
    const added = insertAfter(draft, types, type, selection.nodes);
    this.commit({ draft: added.draft }, { select: [added.id] });
    this.announce(`Added ${added.id}.`);
  }

  insertAt(type: string, at: Point) {
    const added = addNode(this.store.getState().draft, type, at);
    this.commit({ draft: added.draft }, { select: [added.id] });
    this.announce(`Added ${added.id}.`);
  }

  insertOn(type: string, edge: string, at?: Point): string | null {
    const { draft, types } = this.store.getState();
    const wire = draft.edges.find((other) => edgeKey(other) === edge);
    if (!wire) return "That wire is no longer there.";
    return this.attempt(insertOnEdge(draft, types, type, wire, {}, at));
  }

  insertAtWire(
    type: string,
    wire: { from: string; side: "source" | "target" },
    at: Point,
  ): string | null {
    const { draft, types } = this.store.getState();
    return this.attempt(insertAtWire(draft, types, type, wire, at));
  }

  splice(id: string, edge: string, at: Point): string | null {
    const { draft, types } = this.store.getState();
    const wire = draft.edges.find((other) => edgeKey(other) === edge);
    if (!wire) return "That wire is no longer there.";
    return this.attempt(spliceNode(moveNodes(draft, { [id]: at }), types, id, wire));
  }

  connect(source: string, target: string, port?: string | null): string | null {
    const { draft, types } = this.store.getState();
    const reason = this.attempt(connect(draft, types, source, target, port));
    if (!reason) this.announce(`Connected ${source} to ${target}.`);
    return reason;
  }

  reconnect(edge: string, source: string, target: string, port?: string | null): string | null {
    const { draft, types } = this.store.getState();
    const old = draft.edges.find((other) => edgeKey(other) === edge);
    if (!old) return "That wire is no longer there.";
    return this.attempt(reconnect(draft, types, old, source, target, port));
  }

  disconnect(edge: string) {
    const { draft, types } = this.store.getState();
    this.commit({
      draft: disconnect(
        draft,
        types,
        draft.edges.filter((old) => edgeKey(old) === edge),
      ),
    });
  }

  move(positions: Readonly<Record<string, Point>>) {
    this.commit({ draft: moveNodes(this.store.getState().draft, positions) });
  }

  /** Move the selected layers by so much; moves in quick succession are one undo step. */
  nudge([dx, dy]: Point) {
    const { draft, selection } = this.store.getState();
    const moved = selection.nodes.map((id): [string, Point] => {
      const [x, y] = draft.layout[id] ?? [0, 0];
      return [id, [x + dx, y + dy]];
    });
    this.commit({ draft: moveNodes(draft, Object.fromEntries(moved)) }, { merge: "nudge" });
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
    this.commit({ draft: rest }, { select: before ? [before.source] : [] });
    if (selection.nodes.length > 0) this.announce(`Removed ${selection.nodes.join(", ")}.`);
  }

  duplicateSelection() {
    const { draft, selection } = this.store.getState();
    const copied = duplicateNodes(draft, selection.nodes);
    this.commit({ draft: copied.draft }, { select: copied.ids });
  }

  paste(part: Draft, at?: Point) {
    const pasted = pastePart(this.store.getState().draft, part, at);
    this.commit({ draft: pasted.draft }, { select: pasted.ids });
  }

  setParam(id: string, name: string, value: unknown) {
    const { draft, types } = this.store.getState();
    this.commit(
      { draft: setParams(draft, types, id, { [name]: value }) },
      { merge: `${id}.${name}` },
    );
  }

  setTitle(id: string, title: string) {
    this.commit({ draft: setTitle(this.store.getState().draft, id, title) });
  }

  rename(id: string, wanted: string): string | null {
    const renamed = renameNode(this.store.getState().draft, id, wanted);
    return this.attempt(renamed, renamed.ok ? { select: [wanted] } : {});
  }

  setName(name: string) {
    const { draft } = this.store.getState();
    if (draft.name !== name) this.commit({ draft: { ...draft, name } });
  }

  setDataset(datasetId: string | null) {
    this.commit({ datasetId });
  }

  setRecipe(recipe: Recipe) {
    this.commit({ recipe }, { merge: "recipe" });
  }

  tidy() {
    this.commit({ draft: tidy(this.store.getState().draft) });
  }

  /** Let the network flow the other way: downwards or to the right. */
  turn(heading: Heading) {
    this.commit({ draft: turned(this.store.getState().draft, heading) });
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
    this.commit(work, { select: [] });
  }

  undo() {
    this.travel("undo");
  }

  redo() {
    this.travel("redo");
  }

  private travel(way: "undo" | "redo") {
    this.merging = null;
    this.store.temporal.getState()[way]();
    const { selection, draft } = this.store.getState();
    this.store.setState({ selection: pruned(selection, draft) });
    this.announce(way === "undo" ? "Undone." : "Redone.");
  }

  select(nodes: readonly string[], edges: readonly string[] = []) {
    const { selection } = this.store.getState();
    if (same(selection.nodes, nodes) && same(selection.edges, edges)) return;
    this.store.setState({ selection: { nodes, edges } });
  }

  setReport(report: Report) {
    this.store.setState({ report });
  }

  setActivity(activity: Readonly<Record<string, Activity>>) {
    this.store.setState({ activity });
  }

  openSearch(search: SearchPlace) {
    this.store.setState({ search });
  }

  closeSearch() {
    this.store.setState({ search: null });
  }

  /** Ask the inspector to move the focus to a field of the selected layer. */
  wish(wish: Wish) {
    this.store.setState({ wish });
  }

  granted() {
    this.store.setState({ wish: null });
  }

  announce(announcement: string) {
    this.store.setState({ announcement });
  }
}

function same(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((value, index) => value === b[index]);
}

function pruned(selection: Selection, draft: Draft): Selection {
  const keys = new Set(draft.edges.map(edgeKey));
  const nodes = selection.nodes.filter((id) => findNode(draft, id));
  const edges = selection.edges.filter((key) => keys.has(key));
  if (same(nodes, selection.nodes) && same(edges, selection.edges)) return selection;
  return { nodes, edges };
}
