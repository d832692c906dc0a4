import { QueryClient } from "@tanstack/react-query";
import { afterEach, expect, test, vi } from "vitest";
import { blocksQuery, datasetsQuery, everyNetworkQuery } from "./queries";

const saved = (name: string) => ({ id: name, name, state: "ready" });

/** A server whose lists have these pages; answers the queries it was asked. */
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

const LISTS: [string, () => Promise<{ name: string }[]>][] = [
  ["saved blocks", () => new QueryClient().fetchQuery(blocksQuery())],
  ["datasets", () => new QueryClient().fetchQuery(datasetsQuery())],
  ["networks", () => new QueryClient().fetchQuery(everyNetworkQuery())],
];

afterEach(() => {
  vi.unstubAllGlobals();
});

test.each(LISTS)("%s beyond the first page are in the list, in order", async (_, list) => {
  const asked = pages(["a", "b"], ["c", "d"], ["e"]);
  expect((await list()).map(({ name }) => name)).toEqual(["a", "b", "c", "d", "e"]);
  expect(asked).toEqual(["?limit=200", "?limit=200&cursor=1", "?limit=200&cursor=2"]);
});

test.each(LISTS)("%s of one page are asked for once", async (_, list) => {
  const asked = pages([]);
  expect(await list()).toEqual([]);
  expect(asked).toEqual(["?limit=200"]);
});
