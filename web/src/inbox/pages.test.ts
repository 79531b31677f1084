import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type CursorPage,
  itemsOf,
  nextPlace,
  type Pages,
  type Place,
  pageAt,
  previousPlace,
  withEach,
  withNewHead,
} from "./pages.ts";

interface Row {
  id: string;
  at: string;
}

const row = (id: string, at: number): Row => ({ id, at: String(at).padStart(4, "0") });
const keyOf = ({ id }: Row) => id;
const ageOf = ({ at }: Row) => at;

function list(...pages: Row[][]): Pages<Row> {
  return {
    pages: pages.map((data, index) => ({
      data,
      hasMore: true,
      nextCursor: `after-${index}`,
    })),
    pageParams: pages.map((_, index) => ({
      cursors: Array.from({ length: index + 1 }, (_each, n) => (n ? `after-${n - 1}` : undefined)),
    })),
  };
}

/** Pages of fifty rows by cursors, as the API gives them: a cursor is the row that it follows. */
function server(rows: Row[]) {
  const page = (cursor: string | undefined): CursorPage<Row> => {
    const data = rows.filter(({ at }) => cursor === undefined || at < cursor).slice(0, 50);
    const last = data.at(-1);
    const hasMore = last !== undefined && last !== rows.at(-1);
    return { data, hasMore, nextCursor: hasMore ? last.at : null };
  };
  const few = (many: number): Pages<Row> => {
    const found: Pages<Row> = { pages: [page(undefined)], pageParams: [{ cursors: [undefined] }] };
    while (found.pages.length < many) {
      const last = found.pages.at(-1);
      const place = found.pageParams.at(-1) as Place | undefined;
      const next = last && place && nextPlace(last, place);
      if (next === undefined) break;
      found.pages.push(page(next.cursors.at(-1)));
      found.pageParams.push(next);
    }
    return found;
  };
  return { page, list: few };
}

const ids = (pages: Pages<Row>) => itemsOf(pages).map(keyOf).join("");

test("a row that moved up from a later page stands once, and no other is lost", () => {
  const old = list([row("a", 90), row("b", 80)], [row("c", 70), row("d", 60)]);
  const head = { data: [row("d", 99), row("a", 90)], hasMore: true, nextCursor: "new" };
  const now = withNewHead(old, head, keyOf, ageOf);
  assert.equal(ids(now), "dabc");
  assert.equal(now.pages.at(-1)?.nextCursor, "after-1");
});

test("a row that left the head of the list is gone", () => {
  const old = list([row("a", 90), row("b", 80)], [row("c", 70)]);
  const head = { data: [row("b", 80), row("c", 70)], hasMore: true, nextCursor: "new" };
  assert.equal(ids(withNewHead(old, head, keyOf, ageOf)), "bc");
});

test("a list that moved on by more than a page begins anew, for there is a gap between", () => {
  const old = list([row("a", 90), row("b", 80)]);
  const head = { data: [row("y", 120), row("z", 110)], hasMore: true, nextCursor: "new" };
  const now = withNewHead(old, head, keyOf, ageOf);
  assert.equal(ids(now), "yz");
  assert.equal(now.pages.at(-1)?.nextCursor, "new");
});

test("however much comes, the pages that are kept are few and of their size, and lead on", () => {
  const rows = Array.from({ length: 1_000 }, (_, index) => row(`r${index}`, 5_000 - index));
  let known = rows.slice(0, 500);
  let kept = server(rows).list(10);
  for (let came = 0; came < 300; came += 1) {
    known = [row(`n${came}`, 6_000 + came), ...known];
    const all = [...known, ...rows.slice(500)];
    kept = withNewHead(kept, server(all).page(undefined), keyOf, ageOf, 10);
    assert.ok(itemsOf(kept).length <= 500);
    assert.deepEqual(itemsOf(kept), all.slice(0, itemsOf(kept).length));
    const next = kept.pages.at(-1)?.nextCursor;
    assert.equal(server(all).page(next ?? undefined).data[0], all[itemsOf(kept).length]);
  }
});

test("on the way back up no row is missing, though others came and moved meanwhile", async () => {
  const rows = Array.from({ length: 300 }, (_, index) => row(`r${index}`, 5_000 - index));
  const whole = server(rows).list(6);
  let kept = { pages: whole.pages.slice(3), pageParams: whole.pageParams.slice(3) };
  const came = Array.from({ length: 120 }, (_, index) => row(`n${index}`, 6_000 - index));
  const moved = rows.slice(20, 30).map(({ id }, index) => row(id, 7_000 - index));
  const gone = new Set(moved.map(keyOf));
  const now = [...moved, ...came, ...rows.filter(({ id }) => !gone.has(id))];
  for (;;) {
    const [first] = kept.pages;
    const place = kept.pageParams[0] as Place | undefined;
    const before = first && place && previousPlace(first, place, ageOf);
    if (before === undefined) break;
    const page = await pageAt(before, ageOf, async (cursor) => server(now).page(cursor));
    kept = { pages: [page, ...kept.pages], pageParams: [before, ...kept.pageParams] };
  }
  assert.deepEqual(new Set(itemsOf(kept).map(keyOf)), new Set(now.map(keyOf)));
});

test("whatever happens, no row stands twice and the newest come first", () => {
  for (let seed = 1; seed <= 200; seed += 1) {
    const rows = Array.from({ length: 12 }, (_, index) =>
      row(`r${index}`, (seed * index * 7) % 97),
    );
    const sorted = rows.toSorted((a, b) => b.at.localeCompare(a.at) || b.id.localeCompare(a.id));
    const old = list(sorted.slice(0, 4), sorted.slice(4, 8), sorted.slice(8));
    const moved = row(`r${seed % 12}`, 200);
    const next = [moved, ...sorted.filter(({ id }) => id !== moved.id)];
    const head = { data: next.slice(0, 4), hasMore: true, nextCursor: "new" };
    const now = itemsOf(withNewHead(old, head, keyOf, ageOf));
    assert.equal(new Set(now.map(keyOf)).size, now.length);
    assert.deepEqual(now.map(ageOf), now.map(ageOf).toSorted().reverse());
    assert.equal(now.length, 12);
  }
});

test("a change of nothing gives the same object, so that nothing is drawn anew", () => {
  const old = list([row("a", 90)]);
  assert.equal(
    withEach(old, (item) => item),
    old,
  );
  assert.equal(ids(withEach(old, () => undefined)), "");
});
