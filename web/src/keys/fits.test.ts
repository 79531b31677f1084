import assert from "node:assert/strict";
import { test } from "node:test";
import { fits } from "./fits.ts";

test("each typed word begins a word of the name", () => {
  assert.ok(fits("Texting rules", "rul"));
  assert.ok(fits("Settings Texting rules", "set rules"));
  assert.ok(!fits("Texting rules", "ules"));
  assert.ok(!fits("Texting rules", "rules people"));
});

test("accents and capitals make no difference", () => {
  assert.ok(fits("Jóvenes de San José", "JOSE"));
  assert.ok(fits("Oración", "oración"));
});

test("nothing typed fits everything", () => {
  assert.ok(fits("Choir", ""));
});
