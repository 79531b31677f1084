import assert from "node:assert/strict";
import { test } from "node:test";
import { itemsOf, type Pages, withEach, withNewHead } from "./pages.ts";

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
    pageParams: pages.map((_, index) => (index === 0 ? undefined : `after-${index - 1}`)),
  };
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
