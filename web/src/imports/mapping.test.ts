import assert from "node:assert/strict";
import { test } from "node:test";
import { keyOf, requestOf } from "./mapping.ts";

test("a new field gets a key that texts can name", () => {
  assert.equal(keyOf("Small group"), "smallGroup");
  assert.equal(keyOf("Año de bautismo"), "anoDeBautismo");
  assert.equal(keyOf("2nd phone"), "field2ndPhone");
  assert.equal(keyOf("T-Shirt size (adult)"), "tShirtSizeAdult");
});

test("a check sends no consent, and an import what staff said of it", () => {
  const draft = {
    columns: [
      { column: 1, taken: "name" as const, label: "Name" },
      { column: 2, taken: "field:smallGroup" as const, label: "Group" },
      { column: 3, taken: null, label: "Opt-in" },
    ],
    groupIds: [],
    branchId: null,
    system: "",
    consent: { agreed: "yes" as const, wording: "They signed.", source: "the card", on: "" },
  };
  assert.deepEqual(requestOf(draft, false).consent, { agreed: false });
  assert.deepEqual(requestOf(draft, true).consent, {
    agreed: true,
    wording: "They signed.",
    source: "the card",
    on: null,
  });
  assert.deepEqual(requestOf(draft, true).columns, [
    { column: 1, to: "name" },
    { column: 2, to: "field", field: "smallGroup" },
  ]);
});
