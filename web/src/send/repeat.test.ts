import assert from "node:assert/strict";
import { test } from "node:test";
import { FREQUENCIES, repeatOf, ruleOf } from "./repeat.ts";

const SUNDAY = "2026-12-06T09:30";

test("a rule is made of the first time", () => {
  const rules = FREQUENCIES.map((every) => ruleOf({ every, until: "" }, SUNDAY));
  assert.deepEqual(rules, [
    null,
    "FREQ=DAILY",
    "FREQ=WEEKLY;BYDAY=SU",
    "FREQ=MONTHLY;BYMONTHDAY=6",
    "FREQ=MONTHLY;BYDAY=1SU",
    "FREQ=YEARLY",
  ]);
});

test("a fifth Sunday is the last of its month", () => {
  assert.equal(
    ruleOf({ every: "weekday", until: "" }, "2026-11-29T09:30"),
    "FREQ=MONTHLY;BYDAY=-1SU",
  );
});

test("each choice is found again in its rule", () => {
  for (const every of FREQUENCIES) {
    for (const until of every === "never" ? [""] : ["", "2027-06-30"]) {
      const repeat = { every, until };
      assert.deepEqual(repeatOf(ruleOf(repeat, SUNDAY), SUNDAY), repeat);
    }
  }
});

test("a rule that no choice makes stays as it is", () => {
  const rule = "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE";
  assert.equal(ruleOf(repeatOf(rule, SUNDAY), SUNDAY), rule);
});
