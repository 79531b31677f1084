import assert from "node:assert/strict";
import { test } from "node:test";
import type { Entry } from "./queries.ts";
import { firstNew, newestLine, threadItems } from "./threadItems.ts";

const dayOf = (at: string) => at.slice(0, 10);

function text(id: string, at: string, direction: "inbound" | "outbound" = "inbound"): Entry {
  return {
    id,
    at,
    kind: "text",
    line: {
      id,
      direction,
      content: id,
      mediaUrls: [],
      media: [],
      participants: [],
      status: direction === "inbound" ? "received" : "delivered",
      failure: null,
      source: null,
      parts: 1,
      author: null,
      mentions: [],
      answers: null,
      createdAt: at,
    },
  };
}

const NEWEST = [
  text("d", "2026-11-30T10:00:00Z"),
  text("c", "2026-11-30T09:00:00Z"),
  text("b", "2026-11-29T12:00:00Z", "outbound"),
  text("a", "2026-11-29T11:00:00Z"),
];

test("the oldest comes first, with a line before each day and before what is new", () => {
  const keys = threadItems(NEWEST, [], "c", dayOf).map(({ key }) => key);
  assert.deepEqual(keys, [
    "day-2026-11-29",
    "text-a",
    "text-b",
    "day-2026-11-30",
    "new",
    "text-c",
    "text-d",
  ]);
});

test("what is new begins with the oldest unread text that came in", () => {
  assert.equal(firstNew(NEWEST, 0), undefined);
  assert.equal(firstNew(NEWEST, 2), "c");
  assert.equal(firstNew(NEWEST, 3), "a");
  assert.equal(firstNew(NEWEST, 99), "a");
});

test("what goes out later stands at the end, the soonest first", () => {
  const author = { id: "a1", firstName: "Ann", lastName: null };
  const waits = (id: string, sendAt: string) => ({
    id,
    content: id,
    mediaUrls: [],
    sendAt,
    createdAt: sendAt,
    author,
  });
  const items = threadItems(
    [],
    [waits("late", "2026-12-02"), waits("soon", "2026-12-01")],
    undefined,
    dayOf,
  );
  assert.deepEqual(
    items.map(({ key }) => key),
    ["waiting-soon", "waiting-late"],
  );
});

test("the newest line is a text or a note, whatever else happened since", () => {
  assert.equal(newestLine(NEWEST), "d");
  assert.equal(newestLine([]), null);
});
