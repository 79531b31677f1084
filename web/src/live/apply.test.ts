import assert from "node:assert/strict";
import { test } from "node:test";
import type { StreamEvent } from "@koinonia/client";
import { Batch, isGap, type Key, touched } from "./apply.ts";

const AT = "2026-11-30T20:00:00Z";

function progress(messageId: string): StreamEvent {
  return {
    event: "message.progress",
    id: "1",
    data: { occurredAt: AT, messageId, moved: [] },
  };
}

test("progress makes that broadcast and the list old, and no other broadcast", () => {
  assert.deepEqual(touched(progress("m1")), [
    ["messages", "m1"],
    ["messages", "list"],
  ]);
});

test("a stream that was not resumed is a gap, and one that was is none", () => {
  const hello = (resumed: boolean): StreamEvent => ({
    event: "hello",
    id: "1",
    data: { id: "1", resumed },
  });
  assert.equal(isGap(hello(false)), true);
  assert.equal(isGap(hello(true)), false);
  assert.equal(isGap({ event: "reset", id: "2", data: { id: "2" } }), true);
});

test("a storm of one kind asks once in a quarter of a second, and then once a second", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout", "Date"], now: 10_000 });
  const asked: string[] = [];
  const batch = new Batch((key: Key) => asked.push(key.join("/")));
  for (let each = 0; each < 300; each += 1) {
    batch.add([["messages", "m1"]]);
    t.mock.timers.tick(10);
  }
  assert.deepEqual(asked, ["messages/m1", "messages/m1", "messages/m1"]);
});

test("what came last in a storm is asked for, too", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout", "Date"], now: 10_000 });
  const asked: string[] = [];
  const batch = new Batch((key: Key) => asked.push(key.join("/")));
  batch.add([["messages"]]);
  t.mock.timers.tick(260);
  batch.add([["messages"]]);
  t.mock.timers.tick(2_000);
  assert.deepEqual(asked, ["messages", "messages"]);
});
