/** Uploads in progress: they go on while the user looks at other pages. */
import { useSyncExternalStore } from "react";
import type { Dataset, ErrorDetail, IngestOptions } from "./generated";
import { ApiError } from "./index";

/** How to read a file, where guessing would not do; absent is found out from its content. */
export interface ReadingOptions {
  delimiter?: string;
  decimal?: string;
  encoding?: string;
  header?: boolean;
  sheet?: string;
  rename_headers?: boolean;
  missing?: string[];
  kinds?: IngestOptions["kinds"];
  images?: boolean;
  label_separator?: string;
  image_size?: [number, number];
}

/** What was said of how to read a file, without what was left to be found out. */
export function saidOptions(options: IngestOptions | null | undefined): ReadingOptions {
  const said = Object.entries(options ?? {}).filter(([name, value]) => {
    if (value === null || (name === "rename_headers" && !value)) return false;
    return typeof value !== "object" || Object.keys(value).length > 0;
  });
  return Object.fromEntries(said);
}

export interface Upload {
  id: number;
  file: File;
  /** null: as the version in use was read, where it becomes the next of a dataset. */
  options: ReadingOptions | null;
  /** The dataset whose next version it becomes; null: it becomes one of its own. */
  into: string | null;
  /** sending: bytes go up; reading: the server reads them; done and failed are final. */
  state: "sending" | "reading" | "done" | "failed";
  sent: number;
  total: number;
  /** Bytes per second, smoothed; null until it is known. */
  rate: number | null;
  dataset: Dataset | null;
  error: ApiError | null;
}

type Ended = (upload: Upload) => void;

let uploads: readonly Upload[] = [];
let next = 1;
const requests = new Map<number, XMLHttpRequest>();
const listeners = new Set<() => void>();

function set(list: readonly Upload[]) {
  uploads = list;
  for (const listener of listeners) listener();
}

function change(id: number, values: Partial<Upload>) {
  set(uploads.map((upload) => (upload.id === id ? { ...upload, ...values } : upload)));
}

function refusal(request: XMLHttpRequest): ApiError {
  try {
    const { error } = JSON.parse(request.responseText) as { error: ErrorDetail };
    if (error?.message) return new ApiError(request.status, error);
  } catch {
    // Not the server's own words: a proxy's page, or nothing at all.
  }
  return new ApiError(request.status, {
    code: "unreachable",
    message:
      request.status === 413
        ? "The file is larger than the server accepts."
        : "The upload broke off. Check that the server is running, then try again.",
  });
}

/**
 * Sends a file as a new dataset, or as the next version of the one that `into` names. `onEnd` hears
 * of success and failure, not of cancelling.
 */
export function startUpload(
  file: File,
  options: ReadingOptions | null = null,
  onEnd?: Ended,
  into: string | null = null,
): number {
  const id = next++;
  const request = new XMLHttpRequest();
  requests.set(id, request);
  set([
    ...uploads,
    {
      id,
      file,
      options,
      into,
      state: "sending",
      sent: 0,
      total: file.size,
      rate: null,
      dataset: null,
      error: null,
    },
  ]);

  let last = { time: performance.now(), sent: 0 };
  request.upload.onprogress = ({ loaded, total }) => {
    const time = performance.now();
    const seconds = (time - last.time) / 1000;
    const before = uploads.find((upload) => upload.id === id)?.rate ?? null;
    let rate = before;
    if (seconds >= 0.2) {
      const now = (loaded - last.sent) / seconds;
      rate = before === null ? now : 0.7 * before + 0.3 * now;
      last = { time, sent: loaded };
    }
    change(id, { sent: loaded, total, rate });
  };
  request.upload.onload = () => change(id, { state: "reading" });
  const end = (values: Partial<Upload>) => {
    requests.delete(id);
    change(id, values);
    const upload = uploads.find((one) => one.id === id);
    if (upload) onEnd?.(upload);
  };
  request.onload = () => {
    if (request.status !== 201 && request.status !== 202) {
      end({ state: "failed", error: refusal(request) });
      return;
    }
    end({ state: "done", dataset: JSON.parse(request.responseText) as Dataset });
  };
  request.onerror = () => end({ state: "failed", error: refusal(request) });

  const form = new FormData();
  if (options) form.append("options", JSON.stringify(options));
  form.append("file", file);
  request.open("POST", into ? `/api/datasets/${into}/versions` : "/api/datasets");
  request.send(form);
  return id;
}

/** Breaks an upload off, or takes an ended one off the list. */
export function dismissUpload(id: number): void {
  requests.get(id)?.abort();
  requests.delete(id);
  set(uploads.filter((upload) => upload.id !== id));
}

export function useUploads(): readonly Upload[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => uploads,
  );
}
