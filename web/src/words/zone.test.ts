import assert from "node:assert/strict";
import { test } from "node:test";
import { instantOf, wallTimeOf } from "./zone.ts";

const NEW_YORK = "America/New_York";

test("a wall time is read in its zone, in summer and in winter", () => {
  assert.equal(instantOf("2026-12-24T18:30", NEW_YORK).toISOString(), "2026-12-24T23:30:00.000Z");
  assert.equal(instantOf("2026-07-04T18:30", NEW_YORK).toISOString(), "2026-07-04T22:30:00.000Z");
});

test("an hour that the spring skips comes an hour later", () => {
  const at = instantOf("2026-03-08T02:30", NEW_YORK);
  assert.equal(wallTimeOf(at, NEW_YORK), "2026-03-08T03:30");
});

test("of an hour that comes twice the first is meant", () => {
  assert.equal(instantOf("2026-11-01T01:30", NEW_YORK).toISOString(), "2026-11-01T05:30:00.000Z");
});

test("every other wall time comes back as it was, in every zone", () => {
  for (const zone of [NEW_YORK, "Asia/Kathmandu", "Australia/Lord_Howe", "UTC", "Pacific/Apia"]) {
    for (let hour = 0; hour < 24 * 365; hour += 13) {
      const wall = new Date(Date.UTC(2026, 0, 1, hour, 45)).toISOString().slice(0, 16);
      const back = wallTimeOf(instantOf(wall, zone), zone);
      const isSkipped = back !== wall;
      assert.ok(
        !isSkipped || Math.abs(Date.parse(`${back}Z`) - Date.parse(`${wall}Z`)) <= 3_600_000,
      );
    }
  }
});
