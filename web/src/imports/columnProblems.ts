import type { MappingProblem } from "@koinonia/client";
import type { ColumnDraft, MappingDraft, Taken } from "./mapping.ts";

/** What the server would refuse, said before it is asked: by its own codes. */
export type Fault = MappingProblem["code"] | "UNDECIDED" | "DAY_ORDER_OPEN";

/** Several columns may be these: the first that can be read counts, or all of them. */
const SEVERAL: Taken[] = ["phone", "email", "groups", "optIn", "optOut", "leftOut", "newField"];

/** By the number of the column; null is about none in particular. */
export function columnProblems(
  draft: MappingDraft,
  asksDayOrder: (column: number) => boolean = () => false,
): Map<number | null, Fault> {
  const found = new Map<number | null, Fault>();
  const first = new Map<Taken, number>();
  const taken = (as: Taken) => draft.columns.some((each) => each.taken === as);
  for (const column of draft.columns) {
    const fault = faultOf(column, draft, first, taken) ?? openDays(column, asksDayOrder);
    if (fault !== null) found.set(column.column, fault);
  }
  if (!taken("phone")) found.set(null, "NO_PHONE");
  return found;
}

function faultOf(
  column: ColumnDraft,
  draft: MappingDraft,
  first: Map<Taken, number>,
  taken: (as: Taken) => boolean,
): Fault | null {
  const { taken: as } = column;
  if (as === null) return "UNDECIDED";
  if (!SEVERAL.includes(as)) {
    if (first.has(as)) return as.startsWith("field:") ? "FIELD_TWICE" : "TARGET_TWICE";
    first.set(as, column.column);
  }
  if (as === "branch" && !taken("groups")) return "BRANCH_WITHOUT_GROUPS";
  if (as === "externalId" && systemOf(draft.system) === "") return "SYSTEM_UNNAMED";
  if (as === "newField" && column.label.trim() === "") return "FIELD_UNNAMED";
  return null;
}

/** Whether a column that is taken so may hold days. */
export function holdsDays(as: Taken | null): boolean {
  return as === "birthday" || as === "newField" || as?.startsWith("field:") === true;
}

function openDays(column: ColumnDraft, asks: (column: number) => boolean): Fault | null {
  const { taken: as, dayOrder } = column;
  const isOpen = dayOrder === null || dayOrder === undefined;
  return isOpen && holdsDays(as) && asks(column.column) ? "DAY_ORDER_OPEN" : null;
}

/** Systems by the name that is kept, with the one that they give themselves. */
export const SYSTEMS: Record<string, string> = {
  "planning-center": "Planning Center",
  breeze: "Breeze",
  ccb: "Church Community Builder (Pushpay)",
  rock: "Rock RMS",
  realm: "Realm",
  acs: "ACS",
  elvanto: "Elvanto",
  churchtrac: "ChurchTrac",
  subsplash: "Subsplash",
  "fellowship-one": "Fellowship One",
  tithely: "Tithely",
  "servant-keeper": "Servant Keeper",
  shelby: "Shelby",
  "church-windows": "Church Windows",
  churchteams: "Churchteams",
  churchtools: "ChurchTools",
  faithlife: "Faithlife",
  flocknote: "Flocknote",
};

/** "Our old system!" → "our-old-system": the name that is kept of a system; "" of none. */
export function systemOf(name: string): string {
  const plain = name.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  return plain
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "")
    .slice(0, 40)
    .replace(/-$/, "");
}
