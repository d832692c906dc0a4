/** What the server's check says of the draft, arranged by layer. */
import { ApiError, type CheckAnswer, type NodeCheck } from "../api";

export type Problem = CheckAnswer["problems"][number];

export interface Report {
  readonly answer: CheckAnswer | null;
  /** Errors first, then warnings, then suggestions. */
  readonly problems: readonly Problem[];
  readonly byNode: Readonly<Record<string, readonly Problem[]>>;
  readonly checking: boolean;
  /** Why the server could not tell; null when it did, or refused the draft with its problems. */
  readonly failure: string | null;
}

export const EMPTY_REPORT: Report = {
  answer: null,
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
    const node = problem.where?.node;
    if (!node) continue;
    byNode[node] ??= [];
    byNode[node].push(problem);
  }
  const failure = error instanceof Error && problems.length === 0 ? error.message : null;
  return { answer: answer ?? null, problems, byNode, checking, failure };
}

function refusedBecause(error: unknown): Problem[] {
  if (!(error instanceof ApiError) || error.status !== 422) return [];
  const { code, message, where, problems } = error.detail;
  if (problems?.length) return problems;
  return [{ severity: "error", code, message, where: where ?? {} }];
}

export function problemsOf(report: Report, id: string): readonly Problem[] {
  return report.byNode[id] ?? NONE;
}

export function checkOf(report: Report, id: string): NodeCheck | undefined {
  return report.answer?.nodes[id];
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
