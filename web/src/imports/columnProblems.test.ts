import assert from "node:assert/strict";
import { test } from "node:test";
import { columnProblems, systemOf } from "./columnProblems.ts";
import type { MappingDraft, Taken } from "./mapping.ts";

function draft(taken: (Taken | null)[], system = ""): MappingDraft {
  return {
    columns: taken.map((each, at) => ({ column: at + 1, taken: each, label: "Shoe size" })),
    groupIds: [],
    branchId: null,
    system,
    consent: { agreed: null, wording: "", source: "", on: "" },
  };
}

test("what the server would refuse is said beside its column", () => {
  const found = columnProblems(
    draft([null, "firstName", "firstName", "branch", "externalId", "field:a", "field:a"]),
  );
  assert.deepEqual(
    [...found],
    [
      [1, "UNDECIDED"],
      [3, "TARGET_TWICE"],
      [4, "BRANCH_WITHOUT_GROUPS"],
      [5, "SYSTEM_UNNAMED"],
      [7, "FIELD_TWICE"],
      [null, "NO_PHONE"],
    ],
  );
});

test("several phones, addresses and groups are all right", () => {
  const several: Taken[] = ["phone", "phone", "email", "email", "groups", "groups", "branch"];
  assert.equal(columnProblems(draft([...several, "externalId"], "Our own list")).size, 0);
});

test("a system's name becomes what the server keeps", () => {
  assert.equal(systemOf("Planning Center"), "planning-center");
  assert.equal(systemOf("  ¡Nuestra Lista Año 1! "), "nuestra-lista-ano-1");
  assert.equal(systemOf("…"), "");
  assert.match(systemOf("x -".repeat(60)), /^[a-z0-9][a-z0-9._-]{0,39}$/);
});
