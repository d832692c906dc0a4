import { QueryClient } from "@tanstack/react-query";
import { afterEach, expect, test, vi } from "vitest";
import { blocksQuery } from "./queries";

const saved = (name: string) => ({ id: name, name });

/** A server whose list of blocks has these pages; answers the queries it was asked. */
function pages(...all: string[][]): string[] {
  const asked: string[] = [];
  vi.stubGlobal("fetch", async (input: RequestInfo | URL) => {
    const { search, searchParams } = new URL((input as Request).url);
    asked.push(search);
    const number = Number(searchParams.get("cursor") ?? 0);
    const next_cursor = number + 1 < all.length ? String(number + 1) : null;
    return Response.json({ items: all[number]?.map(saved), next_cursor });
  });
  return asked;
}

const names = async () =>
  (await new QueryClient().fetchQuery(blocksQuery())).map(({ name }) => name);

afterEach(() => {
  vi.unstubAllGlobals();
});

test("saved blocks beyond the first page are in the list, in order", async () => {
  const asked = pages(["a", "b"], ["c", "d"], ["e"]);
  expect(await names()).toEqual(["a", "b", "c", "d", "e"]);
  expect(asked).toEqual(["?limit=200", "?limit=200&cursor=1", "?limit=200&cursor=2"]);
});

test("a list of one page is asked for once", async () => {
  const asked = pages([]);
  expect(await names()).toEqual([]);
  expect(asked).toEqual(["?limit=200"]);
});
