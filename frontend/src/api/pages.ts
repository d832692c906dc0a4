/** Lists that the server gives in pages. */

/** The longest page that the server gives. */
export const LIMIT = 200;

interface PageQuery {
  limit: number;
  cursor?: string;
}

interface Page<Item> {
  items: Item[];
  next_cursor?: string | null;
}

/** All items of a list, page after page: for lists that stay short enough to be held whole. */
export async function everyItem<Item>(
  read: (query: PageQuery) => Promise<Page<Item>>,
): Promise<Item[]> {
  const items: Item[] = [];
  let cursor: string | null | undefined;
  do {
    const page = await read(cursor ? { limit: LIMIT, cursor } : { limit: LIMIT });
    items.push(...page.items);
    cursor = page.next_cursor;
  } while (cursor);
  return items;
}
