/* How often a message leaves, between the few choices of the page and the rule of the API. */

export const FREQUENCIES = ["never", "daily", "weekly", "monthly", "weekday", "yearly"] as const;
export type Frequency = (typeof FREQUENCIES)[number];

export interface Repeat {
  every: Frequency | "custom";
  /** The last day, "2027-06-30"; "" goes on. */
  until: string;
  /** Of `custom`: a rule that the choices do not have. */
  rule?: string;
}

export const NEVER: Repeat = { every: "never", until: "" };

const WEEKDAYS = ["SU", "MO", "TU", "WE", "TH", "FR", "SA"];

/** The rule for a first time of "2026-12-06T09:30"; null where it leaves once. */
export function ruleOf(repeat: Repeat, localTime: string): string | null {
  const base = baseRule(repeat, localTime);
  if (base === null || repeat.every === "custom") return base;
  return repeat.until === "" ? base : `${base};UNTIL=${repeat.until.replaceAll("-", "")}`;
}

/** The choice that makes `rule`, else `custom`. */
export function repeatOf(rule: string | null, localTime: string): Repeat {
  if (rule === null) return NEVER;
  const parts = new Map(rule.split(";").map((part) => splitPart(part)));
  const until = (parts.get("UNTIL") ?? "").slice(0, 8);
  const day = until === "" ? "" : `${until.slice(0, 4)}-${until.slice(4, 6)}-${until.slice(6)}`;
  for (const every of FREQUENCIES) {
    const repeat = { every, until: day };
    if (sameRule(ruleOf(repeat, localTime), rule)) return repeat;
  }
  return { every: "custom", until: day, rule };
}

/** "first", "second" … of `weekday`: 1 to 4, and -1 for a fifth, which not every month has. */
export function weekOfMonth(localTime: string): number {
  const week = Math.ceil(Number(localTime.slice(8, 10)) / 7);
  return week > 4 ? -1 : week;
}

function baseRule(repeat: Repeat, localTime: string): string | null {
  const weekday = WEEKDAYS[new Date(`${localTime.slice(0, 10)}T12:00:00Z`).getUTCDay()];
  switch (repeat.every) {
    case "never":
      return null;
    case "daily":
      return "FREQ=DAILY";
    case "weekly":
      return `FREQ=WEEKLY;BYDAY=${weekday}`;
    case "monthly":
      return `FREQ=MONTHLY;BYMONTHDAY=${Number(localTime.slice(8, 10))}`;
    case "weekday":
      return `FREQ=MONTHLY;BYDAY=${weekOfMonth(localTime)}${weekday}`;
    case "yearly":
      return "FREQ=YEARLY";
    case "custom":
      return repeat.rule ?? null;
  }
}

/** The API may write a rule in another order, and spells out what was meant by default. */
function sameRule(made: string | null, given: string): boolean {
  if (made === null) return false;
  const parts = given.split(";").filter((part) => part !== "INTERVAL=1" && part !== "WKST=MO");
  const wanted = made.split(";");
  const plain = (part: string) => part.replace(/^(UNTIL=\d{8}).*/, "$1");
  return parts.length === wanted.length && parts.every((part) => wanted.includes(plain(part)));
}

function splitPart(part: string): [string, string] {
  const [name = "", value = ""] = part.split("=");
  return [name, value];
}
