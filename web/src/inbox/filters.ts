import type { ConversationStatus } from "@koinonia/client";
import { oneOf, text } from "../search.ts";

export const VIEWS = [
  "open",
  "mine",
  "unassigned",
  "unread",
  "stop",
  "snoozed",
  "closed",
  "archived",
] as const;

export type View = (typeof VIEWS)[number];

/** What is listed, as it stands in the address. */
export interface InboxSearch {
  view?: View;
  label?: string;
  group?: string;
  number?: string;
  q?: string;
}

export function inboxSearch(search: Record<string, unknown>): InboxSearch {
  return {
    ...oneOf(search, "view", VIEWS),
    ...text(search, "label"),
    ...text(search, "group"),
    ...text(search, "number"),
    ...text(search, "q"),
  };
}

/** What a list can be narrowed down by, besides its view. */
export const FILTERS = ["label", "group", "number"] as const;

export function hasFilters(search: InboxSearch): boolean {
  return FILTERS.some((name) => search[name] !== undefined);
}

interface ListQuery {
  status?: ConversationStatus;
  unread?: "mine";
  assignee?: string;
  label?: string;
  group?: string;
  number?: string;
  stopQuestion?: "open";
}

const OF_VIEW: Record<View, ListQuery> = {
  open: { status: "open" },
  mine: { status: "open", assignee: "me" },
  unassigned: { status: "open", assignee: "none" },
  unread: { status: "open", unread: "mine" },
  stop: { stopQuestion: "open" },
  snoozed: { status: "snoozed" },
  closed: { status: "closed" },
  archived: { status: "archived" },
};

/** The query of `GET /api/conversations`. */
export function listQuery({ view = "open", label, group, number }: InboxSearch): ListQuery {
  return {
    ...OF_VIEW[view],
    ...(label === undefined ? {} : { label }),
    ...(group === undefined ? {} : { group }),
    ...(number === undefined ? {} : { number }),
  };
}

/** Whether a conversation still belongs to a list, by what an event says of it. */
export function belongs(
  query: ListQuery,
  now: { status: ConversationStatus; assigneeId: string | null },
  ownId: string,
): boolean {
  if (query.status !== undefined && query.status !== now.status) return false;
  if (query.assignee === "me") return now.assigneeId === ownId;
  return query.assignee !== "none" || now.assigneeId === null;
}
