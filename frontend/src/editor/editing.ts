/** What every action is made of: one change of the work, one undo step; and what is only seen. */
import { type Inside, levelOf, opened, withLevel } from "./blocks/level";
import { type Draft, findNode, type Outcome } from "./draft";
import type { Report } from "./report";
import {
  type Activity,
  type DocumentStore,
  type Mark,
  type SearchPlace,
  type Selection,
  type Wish,
  workOf,
} from "./state";
import { placed } from "./tidy";
import { edgeKey } from "./wires";
import type { Work } from "./work";

export interface Step {
  /** Steps of the same name that follow each other within a second are one undo step. */
  readonly merge?: string;
  readonly select?: readonly string[];
}

const MERGE_MS = 1000;

/** Changes the open document and remembers how it was. */
export class Editing {
  private merging: { name: string; until: number } | null = null;

  constructor(
    protected readonly store: DocumentStore,
    private readonly now: () => number = Date.now,
  ) {}

  /** Change what is on the canvas. */
  protected edit(draft: Draft, step: Step = {}) {
    const { network, types, inside, draft: before } = this.store.getState();
    if (draft === before) {
      if (step.select) this.select(step.select);
      return;
    }
    const level = placed(draft);
    this.commit({ network: withLevel(network, types, inside, level) }, step, level);
  }

  /** One user action: one change of the work, one undo step. */
  protected commit(work: Partial<Work>, step: Step = {}, level?: Draft) {
    const state = this.store.getState();
    const next = { ...workOf(state), ...work };
    if (
      next.network === state.network &&
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
    const canvas = this.canvasOf(next.network, state.inside, level);
    const selection = step.select
      ? { nodes: step.select, edges: [] }
      : pruned(state.selection, canvas.draft);
    if (merged) history.pause();
    this.store.setState({ ...next, ...canvas, selection });
    if (merged) history.resume();
  }

  /** What of a network is on the canvas; the way inwards ends before a block that is gone. */
  private canvasOf(network: Draft, inside: Inside, level?: Draft) {
    const { types } = this.store.getState();
    const blocks = opened(network, types, inside);
    const way = inside.slice(0, blocks.length);
    const open = blocks.at(-1)?.block ?? null;
    const shown = placed(levelOf(network, types, way));
    // Which way it flows is not in the document.
    const draft = level && open !== null ? { ...shown, heading: level.heading } : shown;
    return { network: open === null ? draft : network, inside: way, open, draft };
  }

  protected attempt(
    outcome: Outcome<{ draft: Draft; id?: string }>,
    step: Step = {},
  ): string | null {
    if (!outcome.ok) return outcome.reason;
    this.edit(outcome.draft, outcome.id ? { select: [outcome.id], ...step } : step);
    return null;
  }

  /** Show the inside of a block, or with an empty way the network. */
  goTo(inside: Inside, select: readonly string[] = []) {
    const { network } = this.store.getState();
    const canvas = this.canvasOf(network, inside);
    this.store.setState({
      ...canvas,
      selection: pruned({ nodes: select, edges: [] }, canvas.draft),
      search: null,
    });
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
    const { selection, network, inside } = this.store.getState();
    const canvas = this.canvasOf(network, inside);
    this.store.setState({ ...canvas, selection: pruned(selection, canvas.draft) });
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

  setMarks(marks: Readonly<Record<string, readonly Mark[]>>) {
    this.store.setState({ marks });
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
