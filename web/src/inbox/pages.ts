import type { InfiniteData } from "@tanstack/react-query";

export interface CursorPage<Item> {
  data: Item[];
  hasMore: boolean;
  nextCursor: string | null;
}

export type Pages<Item> = InfiniteData<CursorPage<Item>, unknown>;

/**
 * A list, newest first, with its first page fetched anew. What stands in both is as it was fetched
 * now; what the new page no longer reaches stays, and so does the way to older pages. Without an
 * end in sight of the old list, only what is new counts.
 */
export function withNewHead<Item>(
  old: Pages<Item>,
  head: CursorPage<Item>,
  keyOf: (item: Item) => string,
  ageOf: (item: Item) => string,
): Pages<Item> {
  const last = head.data.at(-1);
  if (!head.hasMore || last === undefined) return { pages: [head], pageParams: [undefined] };
  const fetched = new Set(head.data.map(keyOf));
  const isOlder = (item: Item) => !fetched.has(keyOf(item)) && ageOf(item) <= ageOf(last);
  const kept = old.pages.map((page) => ({ ...page, data: page.data.filter(isOlder) }));
  const [first, ...rest] = kept;
  const reached = old.pages.some((page) => page.data.some((item) => fetched.has(keyOf(item))));
  if (first === undefined || !reached) return { pages: [head], pageParams: [undefined] };
  return {
    pages: [{ ...first, data: [...head.data, ...first.data] }, ...rest],
    pageParams: old.pageParams,
  };
}

/** Every item, changed or, by undefined, left out. The same object where nothing changes. */
export function withEach<Item>(
  old: Pages<Item>,
  change: (item: Item) => Item | undefined,
): Pages<Item> {
  let isChanged = false;
  const pages = old.pages.map((page) => {
    const data: Item[] = [];
    for (const item of page.data) {
      const next = change(item);
      if (next !== item) isChanged = true;
      if (next !== undefined) data.push(next);
    }
    return { ...page, data };
  });
  return isChanged ? { ...old, pages } : old;
}

export function itemsOf<Item>(pages: Pages<Item> | undefined): Item[] {
  return pages?.pages.flatMap((page) => page.data) ?? [];
}
