/** Files to predict from: the first answers to look at, or all of them as a CSV file. */
import { type Predictions, predict } from "./generated";
import { ApiError } from "./index";

function sent(runId: string, file: File) {
  const form = new FormData();
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
  file: File,
  limit: number,
  signal: AbortSignal,
): Promise<Predictions> {
  return predict({ ...sent(runId, file), query: { limit }, signal });
}

/** All rows of a file with the predictions beside them, as CSV. */
export async function predictionsCsv(runId: string, file: File): Promise<Blob> {
  const answer: unknown = await predict({
    ...sent(runId, file),
    query: { format: "csv" },
    parseAs: "blob",
  });
  if (answer instanceof Blob) return answer;
  const message = "Expected the predictions as a file, got something else. Try again.";
  throw new ApiError(0, { code: "unreadable", message });
}
