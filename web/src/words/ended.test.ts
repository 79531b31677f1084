import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { ended } from "./ended.ts";

test("a sentence that ends with a time has one full stop", () => {
  assert.equal(ended("hasta 10:11 p.m."), "hasta 10:11 p.m.");
  assert.equal(ended("hasta 22:11"), "hasta 22:11.");
});

test("no Spanish sentence puts a stop of its own behind a time", () => {
  const folder = join(import.meta.dirname, "es");
  const wrong = globSync("*.ts", { cwd: folder }).flatMap((file) =>
    (
      readFileSync(join(folder, file), "utf8").match(/\$\{(?:moment|time|until|at)\}\.`/g) ?? []
    ).map((found) => `${file}: ${found} Write ended(\`…\`).`),
  );
  assert.deepEqual(wrong, []);
});
