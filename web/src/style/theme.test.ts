import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

const read = (path: string) => readFileSync(join(import.meta.dirname, path), "utf8");

test("the browser's frame has the colours of the ground, whichever theme is chosen", () => {
  const ground = /--ground: light-dark\((#\w+), (#\w+)\)/.exec(read("tokens.css"));
  const chosen = /GROUNDS = \{ light: "(#\w+)", dark: "(#\w+)" \}/.exec(read("theme.ts"));
  const first = read("../../index.html").matchAll(/theme-color" media=".*?" content="(#\w+)"/g);
  assert.deepEqual(chosen?.slice(1), ground?.slice(1));
  assert.deepEqual(
    [...first].map(([, colour]) => colour),
    ground?.slice(1),
  );
});
