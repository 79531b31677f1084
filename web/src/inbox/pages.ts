import type { InfiniteData } from "@tanstack/react-query";

export interface CursorPage<Item> {
  data: Item[];
  hasMore: boolean;
  nextCursor: string | null;
}

/** Where a page begins. */
export interface Place {
  /** The cursors of all pages up to this one, so that pages that were dropped are found again. */
  cursors: readonly (string | undefined)[];
  /** How old the row is that the page must reach, when it is fetched to stand before it. */
  until?: string;
}

/** The parameters are places; the queries' types know no more of them than that they are there. */
export type Pages<Item> = InfiniteData<CursorPage<Item>, unknown>;

export const PAGE_ROWS = 50;
export const HEAD: Place = { cursors: [undefined] };
const MOST_STEPS = 20; // of pages between one that was dropped and what follows it now

export function nextPlace(
  { nextCursor }: { nextCursor: string | null },
  { cursors }: Place,
): Place | undefined {
  return nextCursor === null ? undefined : { cursors: [...cursors, nextCursor] };
}

/** The place of the page that stood before the first that is kept. */
export function previousPlace<Item>(
  first: CursorPage<Item>,
  place: Place,
  ageOf: Age<Item>,
): Place | undefined {
  if (place.cursors.length === 1) return undefined;
  const [row] = first.data;
  const cursors = place.cursors.slice(0, -1);
  return row === undefined ? { cursors } : { cursors, until: ageOf(row) };
}

/** How many pages were dropped before the first that is kept. */
export function pagesBefore(pages: { pageParams: unknown[] } | undefined): number {
  const [first] = (pages?.pageParams ?? []) as Place[];
  return first === undefined ? 0 : first.cursors.length - 1;
}

/** The page at a place, and of what came between it and the row it must reach as much as needed. */
export async function pageAt<Item>(
  { cursors, until }: Place,
  ageOf: Age<Item>,
  fetch: (cursor: string | undefined) => Promise<CursorPage<Item>>,
): Promise<CursorPage<Item>> {
  let page = await fetch(cursors.at(-1));
  for (let step = 1; step < MOST_STEPS && until !== undefined; step += 1) {
    const last = page.data.at(-1);
    if (page.nextCursor === null || last === undefined || ageOf(last) <= until) break;
    const more = await fetch(page.nextCursor);
    page = { ...more, data: [...page.data, ...more.data] };
  }
  return page;
}

type Age<Item> = (item: Item) => string;

/**
 * A list, newest first, with its first page fetched anew. What stands in both is as it was fetched
 * now; what the new page no longer reaches stays, in at most `most` pages, and so does the way to
 * older ones. Without an end in sight of the old list, only what is new counts.
 */
export function withNewHead<Item>(
  old: Pages<Item>,
  head: CursorPage<Item>,
  keyOf: (item: Item) => string,
  ageOf: Age<Item>,
  most = Number.POSITIVE_INFINITY,
): Pages<Item> {
  const anew = { pages: [head], pageParams: [HEAD] };
  const last = head.data.at(-1);
  if (!head.hasMore || last === undefined) return anew;
  const fetched = new Set(head.data.map(keyOf));
  const isOlder = (item: Item) => !fetched.has(keyOf(item)) && ageOf(item) <= ageOf(last);
  if (!old.pages.some((page) => page.data.some((item) => fetched.has(keyOf(item))))) return anew;
  for (const page of old.pages) append(anew, { ...page, data: page.data.filter(isOlder) });
  return { pages: anew.pages.slice(0, most), pageParams: anew.pageParams.slice(0, most) };
}

/** Puts a page to the end, into the last one where both are no more than one. The head stays as it
 * was fetched, since what follows begins at its end. */
function append<Item>(
  { pages, pageParams }: InfiniteData<CursorPage<Item>, Place>,
  page: CursorPage<Item>,
): void {
  const last = pages.at(-1);
  const place = pageParams.at(-1);
  if (page.data.length === 0 || last === undefined || place === undefined) return;
  if (pages.length > 1 && last.data.length + page.data.length <= PAGE_ROWS) {
    pages[pages.length - 1] = { ...page, data: [...last.data, ...page.data] };
  } else {
    pages.push(page);
    pageParams.push({ cursors: [...place.cursors, last.nextCursor ?? undefined] });
  }
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

export function itemsOf<Item>(pages: { pages: { data: Item[] }[] } | undefined): Item[] {
  return pages?.pages.flatMap((page) => page.data) ?? [];
}

/** Each item once, as it stands first. */
export function once<Item>(items: Item[], keyOf: (item: Item) => string): Item[] {
  const seen = new Set<string>();
  return items.filter((item) => {
    const key = keyOf(item);
    return !seen.has(key) && seen.add(key);
  });
}
