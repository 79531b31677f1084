import type { DayOrder, ImportJob, ImportTarget, MappingRequest } from "@koinonia/client";
import { holdsDays, systemOf } from "./columnProblems.ts";

/** What a column is taken for: a target, or "field:" and the key of a field of the church. */
export type Taken = Exclude<ImportTarget, "field"> | `field:${string}`;

export interface ColumnDraft {
  column: number;
  /** Null until staff say. */
  taken: Taken | null;
  /** The name of a field that is to be made. */
  label: string;
  /** Which comes first in its days; null until staff say, where the days do not tell. */
  dayOrder?: DayOrder | null;
}

export interface ConsentDraft {
  agreed: "yes" | "no" | null;
  wording: string;
  source: string;
  on: string;
}

export interface MappingDraft {
  columns: ColumnDraft[];
  groupIds: string[];
  branchId: string | null;
  /** Whose the ids of another system are, as it was chosen or typed. */
  system: string;
  consent: ConsentDraft;
}

/** What was sent before, else what the server guesses. */
export function draftOf(job: ImportJob): MappingDraft {
  const said = new Map(job.mapping?.columns.map((each) => [each.column, each]));
  const consent = job.mapping?.consent;
  return {
    columns: job.columns.map(({ column, head, to, field, dayOrder }) => {
      const sent = said.get(column);
      return {
        column,
        taken: sent === undefined ? taken(to, field) : taken(sent.to, sent.field),
        label: sent?.label ?? head,
        dayOrder: sent?.dayOrder ?? dayOrder,
      };
    }),
    groupIds: job.mapping?.groupIds ?? [],
    branchId: job.mapping?.branchId ?? null,
    system: job.mapping?.externalSystem ?? guessedSystem(job),
    consent: {
      agreed: consent?.agreed === true ? "yes" : null,
      wording: consent?.wording ?? "",
      source: consent?.source ?? "",
      on: consent?.on ?? "",
    },
  };
}

/** `withConsent` is false for a check, which needs no statement. */
export function requestOf(draft: MappingDraft, withConsent: boolean): MappingRequest {
  const { agreed, wording, source, on } = draft.consent;
  const isAgreed = withConsent && agreed === "yes";
  return {
    columns: draft.columns.flatMap(({ column, taken: as, label, dayOrder: order }) => {
      const days = order && holdsDays(as) ? { dayOrder: order } : {};
      if (as === null) return [];
      if (as.startsWith("field:")) {
        return [{ column, to: "field" as const, field: as.slice(6), ...days }];
      }
      if (as === "newField") return [{ column, to: as, field: keyOf(label), label, ...days }];
      return [{ column, to: as as ImportTarget, ...days }];
    }),
    groupIds: draft.groupIds,
    branchId: draft.branchId,
    externalSystem: draft.columns.some((each) => each.taken === "externalId")
      ? systemOf(draft.system)
      : null,
    consent: isAgreed
      ? { agreed: true, wording, source, on: on === "" ? null : on }
      : { agreed: false },
  };
}

/** "Small group" → "smallGroup": the name by which texts call a field. */
export function keyOf(label: string): string {
  const words = label
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .split(/[^A-Za-z0-9]+/)
    .filter(Boolean);
  const joined = words
    .map((word, index) => {
      const rest = word.slice(1);
      return (index === 0 ? word.charAt(0).toLowerCase() : word.charAt(0).toUpperCase()) + rest;
    })
    .join("");
  const key = /^[a-z]/.test(joined) ? joined : `field${joined}`;
  return key.slice(0, 40);
}

function guessedSystem(job: ImportJob): string {
  return job.columns.find(({ system }) => system !== null)?.system ?? "";
}

function taken(to: ImportTarget | null, field: string | null): Taken | null {
  if (to === null) return null;
  return to === "field" ? `field:${field ?? ""}` : to;
}

const KEPT = "koinonia.import.";

/** What was decided and not yet sent, so that a reload loses nothing. */
export function keptDraft(job: ImportJob): MappingDraft {
  const kept = sessionStorage.getItem(KEPT + job.id);
  return kept === null ? draftOf(job) : (JSON.parse(kept) as MappingDraft);
}

export function keepDraft(importId: string, draft: MappingDraft): void {
  sessionStorage.setItem(KEPT + importId, JSON.stringify(draft));
}

export function dropDraft(importId: string): void {
  sessionStorage.removeItem(KEPT + importId);
}
