import assert from "node:assert/strict";
import { test } from "node:test";
import { begunField, inShort, insertField, pieces, withFallbacks } from "./mergeFields.ts";

test("the pieces of a text are the text", () => {
  const text = "Hi {{firstName|friend}}, {{ smallGroup }} meets. {{not a field}}";
  const found = pieces(text);
  assert.equal(found.map((piece) => piece.text).join(""), text);
  assert.deepEqual(
    found.filter(({ kind }) => kind === "field").map((piece) => piece.text),
    ["{{firstName|friend}}", "{{ smallGroup }}"],
  );
  for (const piece of found) assert.ok(text.startsWith(piece.text, piece.start));
});

test("who has no value reads the fallback", () => {
  assert.equal(withFallbacks("Hi {{firstName|friend}}{{lastName}}!"), "Hi friend!");
});

test("one brace asks for a field, and a finished one asks for none", () => {
  assert.deepEqual(begunField("Hi {", 4), { start: 3, typed: "" });
  assert.deepEqual(begunField("Hi {{fir", 8), { start: 3, typed: "fir" });
  assert.equal(begunField("Hi {{firstName}}", 14), undefined);
  assert.equal(begunField("Hi there", 8), undefined);
});

test("a field takes the place of what was begun", () => {
  assert.deepEqual(insertField("Hi {{fi, see", 3, 7, "firstName", "friend"), {
    text: "Hi {{firstName|friend}}, see",
    caret: 23,
  });
});

test("a text is recognised by the church's name, fallbacks, and dots for the rest", () => {
  const text = "Hi {{firstName|friend}}, {{pet}} is welcome at {{churchName}}!";
  assert.equal(inShort(text, "Grace Chapel"), "Hi friend, … is welcome at Grace Chapel!");
});
