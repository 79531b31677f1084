import type { ConsentState, PeopleFilter, paths } from "@koinonia/client";
import { flag, oneOf, text } from "../search.ts";

/** Whom the list shows, as the address says it. A saved segment stands alone. */
export interface PeopleSearch {
  q?: string;
  consent?: ConsentState;
  group?: string;
  branch?: string;
  /** "key:value", "key:*" for any value, "key:" for none. */
  field?: string;
  /** Days until now. */
  joined?: Days;
  heard?: Heard;
  /** Whose text may ask to stop. */
  asked?: true;
  segment?: string;
  /** The newest first, unless by name. */
  sort?: "name";
}

export type MembersQuery = NonNullable<paths["/api/members"]["get"]["parameters"]["query"]>;

export const CONSENTS = ["granted", "revoked", "none"] as const;
export const DAYS = ["7", "30", "90", "365"] as const;
export const HEARD = ["30", "90", "not90", "not365", "never"] as const;
export type Days = (typeof DAYS)[number];
export type Heard = (typeof HEARD)[number];

export function readPeopleSearch(search: Record<string, unknown>): PeopleSearch {
  return {
    ...text(search, "q"),
    ...oneOf(search, "consent", CONSENTS),
    ...text(search, "group"),
    ...text(search, "branch"),
    ...text(search, "field"),
    ...oneOf(texts(search, "joined"), "joined", DAYS),
    ...oneOf(texts(search, "heard"), "heard", HEARD),
    ...flag(search, "asked"),
    ...text(search, "segment"),
    ...oneOf(search, "sort", ["name"] as const),
  };
}

/** How many filters are set, the search for a name and the order apart. */
export function countFilters(search: PeopleSearch): number {
  const { q: _, segment: __, sort: ___, ...filters } = search;
  return Object.keys(filters).length;
}

/** The search as the list of people takes it. */
export function membersQueryOf(search: PeopleSearch): MembersQuery {
  const query: MembersQuery = { ...heardQuery(search.heard) };
  if (search.sort !== undefined) query.order = search.sort;
  if (search.q !== undefined) query.search = search.q;
  if (search.consent !== undefined) query.consent = [search.consent];
  if (search.group !== undefined) query.groupId = search.group;
  if (search.branch !== undefined) query.branchId = [search.branch];
  if (search.field !== undefined) query.field = [search.field];
  if (search.joined !== undefined) query.joinedWithinDays = Number(search.joined);
  if (search.asked === true) query.stopQuestion = "open";
  return query;
}

/** The search as a segment keeps it. */
export function filterOf(search: PeopleSearch): PeopleFilter {
  const filter: PeopleFilter = {};
  if (search.q !== undefined) filter.search = search.q;
  if (search.consent !== undefined) filter.consent = [search.consent];
  if (search.group !== undefined) filter.groups = { anyOf: [search.group] };
  if (search.branch !== undefined) filter.branchIds = [search.branch];
  if (search.field !== undefined) filter.fields = [fieldFilter(search.field)];
  if (search.joined !== undefined) filter.joinedWithinDays = Number(search.joined);
  if (search.asked === true) filter.stopQuestion = "open";
  if (search.heard !== undefined) filter.lastHeardFrom = heardFilter(search.heard);
  return filter;
}

export function splitField(field: string): [key: string, value: string] {
  const [key = "", ...rest] = field.split(":");
  return [key, rest.join(":")];
}

type HeardSaved = NonNullable<PeopleFilter["lastHeardFrom"]>;

function heardFilter(heard: Heard): HeardSaved {
  if (heard === "never") return { never: true };
  if (heard.startsWith("not")) return { notWithinDays: Number(heard.slice(3)) };
  return { withinDays: Number(heard) };
}

function heardQuery(heard: Heard | undefined): MembersQuery {
  if (heard === undefined) return {};
  const { never, notWithinDays, withinDays } = heardFilter(heard);
  if (never === true) return { neverHeard: true };
  if (notWithinDays !== undefined) return { notHeardWithinDays: notWithinDays };
  return withinDays === undefined ? {} : { heardWithinDays: withinDays };
}

function fieldFilter(field: string): NonNullable<PeopleFilter["fields"]>[number] {
  const [key, value] = splitField(field);
  if (value === "*") return { field: key, isSet: true };
  return value === "" ? { field: key, isSet: false } : { field: key, anyOf: [value] };
}

/** The router reads `?joined=30` as a number. */
function texts(search: Record<string, unknown>, name: string): Record<string, unknown> {
  const value = search[name];
  return typeof value === "number" ? { [name]: String(value) } : search;
}
