import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";

const SOURCE = join(import.meta.dirname, "..");
const IMPORT = /import (\w+) from "(\.[^"]+\.module\.css)"/g;

/** Sheet → the names that components use of it. */
function uses(): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const file of globSync("**/*.tsx", { cwd: SOURCE })) {
    const text = readFileSync(join(SOURCE, file), "utf8");
    const code = text.replaceAll(/^import .*$/gm, "");
    for (const [, name = "", path = ""] of text.matchAll(IMPORT)) {
      const sheet = join(dirname(file), path);
      const used = found.get(sheet) ?? new Set();
      for (const [, key = ""] of code.matchAll(new RegExp(`\\b${name}\\.(\\w+)`, "g"))) {
        used.add(key);
      }
      found.set(sheet, used);
    }
  }
  return found;
}

function defined(sheet: string): Set<string> {
  const text = readFileSync(join(SOURCE, sheet), "utf8").replaceAll(/\/\*.*?\*\//gs, "");
  return new Set([...text.matchAll(/\.([a-z]\w*)/gi)].map(([, name = ""]) => name));
}

test("every class that a component names stands in its sheet, and the other way round", () => {
  const used = uses();
  const wrong: string[] = [];
  for (const sheet of globSync("**/*.module.css", { cwd: SOURCE })) {
    const names = used.get(sheet) ?? new Set();
    const classes = defined(sheet);
    for (const name of names) if (!classes.has(name)) wrong.push(`${sheet} lacks .${name}`);
    for (const name of classes) if (!names.has(name)) wrong.push(`${sheet}: .${name} is unused`);
  }
  assert.deepEqual(wrong, []);
});

test("every sheet says its layer", () => {
  const bare = globSync("**/*.css", { cwd: SOURCE }).filter((sheet) => {
    const text = readFileSync(join(SOURCE, sheet), "utf8");
    return sheet !== join("style", "tokens.css") && !text.startsWith("@layer ");
  });
  assert.deepEqual(bare, []);
});
