import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { failures } from "./es/failures.ts";

const OPENAPI = join(import.meta.dirname, "../../../docs/openapi.json");

test("every failure of a text has its Spanish", () => {
  const { schemas } = JSON.parse(readFileSync(OPENAPI, "utf8")).components;
  const codes: string[] = [...schemas.Failure.enum, ...schemas.OwnFailure.enum];
  assert.deepEqual(
    codes.filter((code) => failures[code] === undefined),
    [],
  );
});
