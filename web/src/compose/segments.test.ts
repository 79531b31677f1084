import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { costlyLetters, measure } from "./segments.ts";

interface Vector {
  name: string;
  text?: string;
  text_runs?: [string, number][];
  encoding: string;
  units: number;
  segments: number;
  units_per_segment: number[];
}

const file = new URL(
  "../../../libs/carriers/tests/vectors/sms_segment_vectors.json",
  import.meta.url,
);
const { vectors }: { vectors: Vector[] } = JSON.parse(readFileSync(file, "utf8"));

for (const vector of vectors) {
  test(`a text is counted as the server counts it: ${vector.name}`, () => {
    const runs = vector.text_runs ?? [];
    const text = vector.text ?? runs.map(([letter, times]) => letter.repeat(times)).join("");
    const measured = measure(text);
    assert.equal(measured.encoding, vector.encoding);
    assert.equal(measured.units, vector.units);
    assert.equal(measured.parts, vector.segments);
    assert.deepEqual(measured.unitsPerPart, vector.units_per_segment);
  });
}

test("what is left is of the last part, and of one part before anything is written", () => {
  assert.equal(measure("").left, 160);
  assert.equal(measure("a".repeat(160)).left, 0);
  assert.equal(measure("a".repeat(161)).left, 153 - 8);
  assert.equal(measure("’".repeat(70)).left, 0);
});

test("the letters that make a text dear are named once each", () => {
  assert.deepEqual(costlyLetters("It’s “good” – it’s 😀"), ["’", "“", "”", "–", "😀"]);
  assert.deepEqual(costlyLetters("Plain words, {braces} and 5 €"), []);
});
