/** What the server's check says of the draft, arranged by layer. */
import { ApiError, type CheckAnswer, type NodeCheck } from "../api";
import type { EditorState } from "./state";

export type Problem = CheckAnswer["problems"][number];

/** A problem where it stands: in the network, or inside the blocks on the way there. */
export interface Place {
  /** The layers to open on the way. */
  readonly inside: readonly string[];
  readonly node: string;
}

export interface Report {
  readonly answer: CheckAnswer | null;
  /** What is known of each layer, by the way to it: of the first copy where there are several. */
  readonly checks: Readonly<Record<string, NodeCheck>>;
  /** Errors first, then warnings, then suggestions. */
  readonly problems: readonly Problem[];
  /** By the way to the layer, as with `checks`; every block on the way has them too. */
  readonly byNode: Readonly<Record<string, readonly Problem[]>>;
  readonly checking: boolean;
  /** Why the server could not tell; null when it did, or refused the draft with its problems. */
  readonly failure: string | null;
}

export const EMPTY_REPORT: Report = {
  answer: null,
  checks: {},
  problems: [],
  byNode: {},
  checking: true,
  failure: null,
};

const NONE: readonly Problem[] = [];
const WEIGHT = { error: 0, warning: 1, suggestion: 2 } as const;

export function severityOf(problem: Problem): "error" | "warning" | "suggestion" {
  return problem.severity ?? "error";
}

/**
 * A report from an answer, or from the refusal of a document that is not valid (status 422), which
 * names its problems too. Other errors say nothing about the draft.
 */
export function reportOf(
  answer: CheckAnswer | undefined,
  error: unknown,
  checking: boolean,
): Report {
  const found = answer ? answer.problems : error ? refusedBecause(error) : [];
  const problems = [...found].sort((a, b) => WEIGHT[severityOf(a)] - WEIGHT[severityOf(b)]);
  const byNode: Record<string, Problem[]> = {};
  for (const problem of problems) {
    const { way, path, block } = wayOf(problem);
    const add = (key: string, told: Problem) => {
      byNode[key] ??= [];
      if (!byNode[key].some(({ message }) => message === told.message)) byNode[key].push(told);
    };
    way.forEach((node, index) => {
      const last = index === way.length - 1;
      const here = last ? { ...problem, where: { node, path } } : problem;
      add(keyOf(way.slice(0, index), node), here);
      // A change is for every use of a block: so is what is wrong in one of them.
      if (last && block !== null) add(inBlock(block, node), here);
    });
  }
  const failure = error instanceof Error && problems.length === 0 ? error.message : null;
  return { answer: answer ?? null, checks: checksOf(answer), problems, byNode, checking, failure };
}

function refusedBecause(error: unknown): Problem[] {
  if (!(error instanceof ApiError) || error.status !== 422) return [];
  const { code, message, where, problems } = error.detail;
  if (problems?.length) return problems;
  return [{ severity: "error", code, message, where: where ?? {} }];
}

function keyOf(inside: readonly string[], node: string): string {
  return [...inside, node].join("/");
}

/** The answer tells of every copy of a block, as "block/0/layer": here the first is enough. */
function checksOf(answer: CheckAnswer | undefined): Record<string, NodeCheck> {
  const checks: Record<string, NodeCheck> = {};
  for (const [key, check] of Object.entries(answer?.nodes ?? {})) {
    checks[key.replace(/\/\d+(?=\/)/g, "")] ??= check;
  }
  return checks;
}

/** The layers on the way to a problem, the block that the last is in, and its place in that. */
interface Way {
  readonly way: readonly string[];
  readonly block: string | null;
  readonly path: (string | number)[];
}

function wayOf({ where }: Problem): Way {
  let path = where?.path ?? [];
  let block: string | null = null;
  const way: string[] = where?.node ? [where.node] : [];
  while (path[0] === "blocks" && path[2] === "nodes" && typeof path[3] === "string") {
    block = String(path[1]);
    // What a document declares wrongly is in a block, not in a use of it.
    way.push(way.length > 0 ? path[3] : inBlock(block, path[3]));
    path = path.slice(4);
  }
  return { way, block, path };
}

/** The key of a layer in a block, whatever use of it is open. */
function inBlock(block: string, node: string): string {
  return `${block}:${node}`;
}

/** Where to go to see a problem; `wayTo` finds a use of a block. */
export function placeOf(
  problem: Problem,
  wayTo: (block: string) => readonly string[] | null,
): Place | null {
  const { way } = wayOf(problem);
  const node = way.at(-1);
  if (node === undefined) return null;
  const [block, inner] = node.split(":");
  if (inner === undefined) return { inside: way.slice(0, -1), node };
  const inside = wayTo(block ?? "");
  return inside && { inside, node: inner };
}

/** What is on the canvas, as far as reports tell of it. */
type Seen = Pick<EditorState, "report" | "inside" | "open">;

export function problemsOf({ report, inside, open }: Seen, id: string): readonly Problem[] {
  return report.byNode[keyOf(inside, id)] ?? report.byNode[inBlock(open ?? "", id)] ?? NONE;
}

export function checkOf({ report, inside }: Seen, id: string): NodeCheck | undefined {
  return report.checks[keyOf(inside, id)];
}

/** "2 problems", "1 suggestion", "No problems". */
export function summaryOf(report: Report): { text: string; tone: "ok" | "warn" | "bad" } {
  const count = (severity: "error" | "warning" | "suggestion") =>
    report.problems.filter((problem) => severityOf(problem) === severity).length;
  const words = (number: number, word: string) => `${number} ${word}${number === 1 ? "" : "s"}`;
  const errors = count("error");
  const warnings = count("warning");
  const suggestions = count("suggestion");
  if (errors) return { text: words(errors + warnings, "problem"), tone: "bad" };
  if (warnings) return { text: words(warnings, "warning"), tone: "warn" };
  if (suggestions) return { text: words(suggestions, "suggestion"), tone: "warn" };
  return { text: "No problems", tone: "ok" };
}
