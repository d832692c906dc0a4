/** Files to predict from: the first answers to look at, or all of them as a CSV file. */
import { type Predictions, predict } from "./generated";
import { ApiError } from "./index";
import type { ReadingOptions } from "./upload";

/** A file, and what was said of how to read it. */
export interface Sent {
  file: File;
  options?: ReadingOptions;
}

function request(runId: string, { file, options }: Sent) {
  const form = new FormData();
  if (options) form.append("options", JSON.stringify(options));
  form.append("file", file);
  return {
    path: { run_id: runId },
    // The route takes a form or JSON, which the generated type cannot say.
    body: form as never,
    bodySerializer: null,
    headers: { "Content-Type": null },
  };
}

/** What a run's model says of the first `limit` rows or images of a file. */
export function predictFile(
  runId: string,
  sent: Sent,
  limit: number,
  signal: AbortSignal,
): Promise<Predictions> {
  return predict({ ...request(runId, sent), query: { limit }, signal });
}

/** All rows of a file with the predictions beside them, as CSV. */
export async function predictionsCsv(runId: string, sent: Sent): Promise<Blob> {
  const answer: unknown = await predict({
    ...request(runId, sent),
    query: { format: "csv" },
    parseAs: "blob",
  });
  if (answer instanceof Blob) return answer;
  const message = "Expected the predictions as a file, got something else. Try again.";
  throw new ApiError(0, { code: "unreadable", message });
}
