import assert from "node:assert/strict";
import { test } from "node:test";
import { type DraftPlace, draftName, keepDraft, keptDraft } from "./drafts.ts";

const PLACE: DraftPlace = { churchId: "c1", adminId: "a1", kind: "reply", id: "t1" };

function store() {
  const kept = new Map<string, string>();
  return {
    kept,
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => void kept.set(name, value),
    removeItem: (name: string) => void kept.delete(name),
  };
}

test("a draft is found again by whom it is for, and by nobody else", () => {
  const kept = store();
  keepDraft(PLACE, { text: "Dear Ruth", key: "k1" }, kept);
  assert.equal(keptDraft(PLACE, kept)?.text, "Dear Ruth");
  for (const other of [
    { id: "t2" },
    { kind: "note" as const },
    { adminId: "a2" },
    { churchId: "c2" },
  ]) {
    assert.equal(keptDraft({ ...PLACE, ...other }, kept), undefined);
  }
});

test("no two places have one name, whatever is in them", () => {
  const parts = ["a", "a:b", "b", "", "%3A", "a%3Ab"];
  const names = new Set<string>();
  for (const churchId of parts)
    for (const adminId of parts)
      for (const id of parts) names.add(draftName({ churchId, adminId, kind: "reply", id }));
  assert.equal(names.size, parts.length ** 3);
});

test("an empty draft leaves nothing behind", () => {
  const kept = store();
  keepDraft(PLACE, { text: "x", key: "k1" }, kept);
  keepDraft(PLACE, { text: "", key: "k1" }, kept);
  assert.equal(kept.kept.size, 0);
});

test("what cannot be read is no draft", () => {
  const kept = store();
  kept.setItem(draftName(PLACE), "{");
  assert.equal(keptDraft(PLACE, kept), undefined);
  kept.setItem(draftName(PLACE), "null");
  assert.equal(keptDraft(PLACE, kept), undefined);
});
