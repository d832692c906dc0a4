/** Uploads: progress, refusal, cancelling. */
import { act, renderHook } from "@testing-library/react";
import { beforeEach, expect, it, vi } from "vitest";
import { dismissUpload, startUpload, useUploads } from "./upload";

/** The browser's request, driven by the test. */
class Request {
  static last: Request;
  upload: {
    onprogress?: (event: { loaded: number; total: number }) => void;
    onload?: () => void;
  } = {};
  onload?: () => void;
  onerror?: () => void;
  status = 0;
  responseText = "";
  aborted = false;
  sent?: FormData;

  constructor() {
    Request.last = this;
  }
  open() {}
  send(form: FormData) {
    this.sent = form;
  }
  abort() {
    this.aborted = true;
  }
  answer(status: number, body: unknown) {
    this.status = status;
    this.responseText = JSON.stringify(body);
    this.onload?.();
  }
}

const file = new File(["a,b\n1,2\n"], "table.csv");
const watch = () => renderHook(() => useUploads()).result;

beforeEach(() => {
  vi.stubGlobal("XMLHttpRequest", Request);
});

it("tells how much was sent, that it is read, and hands over the dataset", () => {
  const uploads = watch();
  const ended = vi.fn();
  let id = 0;
  act(() => {
    id = startUpload(file, { delimiter: ";" }, ended);
  });
  expect(JSON.parse(String(Request.last.sent?.get("options")))).toEqual({ delimiter: ";" });
  act(() => Request.last.upload.onprogress?.({ loaded: 4, total: 8 }));
  expect(uploads.current).toMatchObject([{ state: "sending", sent: 4, total: 8 }]);
  act(() => Request.last.upload.onload?.());
  expect(uploads.current).toMatchObject([{ state: "reading" }]);
  act(() => Request.last.answer(201, { id: "d1" }));
  expect(uploads.current).toMatchObject([{ state: "done", dataset: { id: "d1" } }]);
  expect(ended).toHaveBeenCalledOnce();
  act(() => dismissUpload(id));
  expect(uploads.current).toEqual([]);
});

it("keeps the server's reason and the place when a file is refused", () => {
  const uploads = watch();
  let id = 0;
  act(() => {
    id = startUpload(file);
  });
  act(() =>
    Request.last.answer(422, {
      error: { code: "bad_row", message: "Expected 3 cells, got 2.", where: { row: 3 } },
    }),
  );
  expect(uploads.current[0]?.error?.message).toBe("Expected 3 cells, got 2.");
  expect(uploads.current[0]?.error?.detail.where?.row).toBe(3);
  act(() => dismissUpload(id));
});

it("has words of its own for an answer that is not the server's", () => {
  const uploads = watch();
  let id = 0;
  act(() => {
    id = startUpload(file);
  });
  Request.last.status = 502;
  Request.last.responseText = "<html>Bad gateway</html>";
  act(() => Request.last.onload?.());
  expect(uploads.current[0]?.error?.message).toContain("The upload broke off.");
  act(() => dismissUpload(id));
});

it("breaks off the request when it is cancelled, and says nothing more of it", () => {
  const uploads = watch();
  const ended = vi.fn();
  act(() => {
    dismissUpload(startUpload(file, {}, ended));
  });
  expect(Request.last.aborted).toBe(true);
  expect(uploads.current).toEqual([]);
  expect(ended).not.toHaveBeenCalled();
});
