import assert from "node:assert/strict";
import { test } from "node:test";
import { begunMention, fitting, mentionedIn, piecesOf } from "./mentions.ts";

const TEAM = [
  { id: "1", name: "Ann" },
  { id: "2", name: "Ann Lee" },
  { id: "3", name: "Ben Moss" },
];

test("an @ after a space begins a mention, and one within an address does not", () => {
  assert.deepEqual(begunMention("Ask @be", 7), { start: 4, typed: "be" });
  assert.deepEqual(begunMention("@", 1), { start: 0, typed: "" });
  assert.deepEqual(begunMention("@Ann L", 6), { start: 0, typed: "Ann L" });
  assert.equal(begunMention("ann@example.org", 15), undefined);
  assert.equal(begunMention("@Ben Moss will do it", 20), undefined);
});

test("colleagues are found by the beginning of any of their names", () => {
  assert.deepEqual(fitting(TEAM, "mo"), [TEAM[2]]);
  assert.deepEqual(fitting(TEAM, "an"), [TEAM[0], TEAM[1]]);
  assert.deepEqual(fitting(TEAM, "oss"), []);
});

test("of two names that fit the longer one is named, and part of a word is nobody", () => {
  assert.deepEqual(mentionedIn("@Ann Lee and @Ben Moss, please", TEAM), ["2", "3"]);
  assert.deepEqual(mentionedIn("@Anna, @Ann.", TEAM), ["1"]);
  assert.deepEqual(mentionedIn("x@Ann", TEAM), []);
});

test("the pieces of a note are the note", () => {
  const note = "Hi @Ann Lee: @Ann and @@Ben Moss @nobody";
  assert.equal(
    piecesOf(note, TEAM)
      .map(({ text }) => text)
      .join(""),
    note,
  );
});
