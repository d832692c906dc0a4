/** The one way to the server: the generated functions, answers unwrapped, errors thrown as `ApiError`. */
import { client } from "./generated/client.gen";
import type { ErrorDetail } from "./generated/types.gen";

/** What the server refused, in its own words. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly detail: ErrorDetail,
  ) {
    super(detail.message);
    this.name = "ApiError";
  }
}

/** Whether it was asked for something that is not there, or not any more. */
export function isGone(error: unknown): boolean {
  return error instanceof ApiError && error.status === 404;
}

client.setConfig({ baseUrl: "", throwOnError: true, responseStyle: "data" });

client.interceptors.error.use((error, response) => {
  if (error instanceof ApiError || (error instanceof DOMException && error.name === "AbortError")) {
    return error;
  }
  const detail = (error as { error?: ErrorDetail } | undefined)?.error;
  return new ApiError(
    response?.status ?? 0,
    detail ?? {
      code: "unreachable",
      message:
        "The server did not answer. Check that it is running; your work is kept here meanwhile.",
    },
  );
});

export * from "./generated";
