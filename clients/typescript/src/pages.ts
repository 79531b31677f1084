/** A page of any list. */
export interface Page<Item> {
  data: Item[];
  hasMore: boolean;
  nextCursor: string | null;
}

/** Where a page begins: nothing for the first one. */
export type From = { cursor?: string };

/**
 * Every item of a list, page by page.
 *
 * @example
 * for await (const member of everything((from) =>
 *   ok(api.GET("/api/members", { params: { query: { ...from, limit: 100 } } })))) { … }
 */
export async function* everything<Item>(
  page: (from: From) => Promise<Page<Item>>,
): AsyncGenerator<Item, void, void> {
  let from: From | undefined = {};
  while (from !== undefined) {
    const found: Page<Item> = await page(from);
    yield* found.data;
    from = found.nextCursor === null ? undefined : { cursor: found.nextCursor };
  }
}
