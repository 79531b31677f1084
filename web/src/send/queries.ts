import { everything, type From, ok, type Page } from "@koinonia/client";
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api } from "../api/client.ts";
import { type Broadcast, requestOf, ruleOfBroadcast } from "./broadcast.ts";

const MOST = 100;

export const groupsQuery = queryOptions({
  queryKey: ["groups", "all"],
  queryFn: ({ signal }) =>
    every((from) => ok(api.GET("/api/groups", { params: { query: whole(from) }, signal }))),
});

export const branchesQuery = queryOptions({
  queryKey: ["branches", "all"],
  queryFn: ({ signal }) =>
    every((from) => ok(api.GET("/api/branches", { params: { query: whole(from) }, signal }))),
});

export const segmentsQuery = queryOptions({
  queryKey: ["segments", "all"],
  queryFn: ({ signal }) =>
    every((from) => ok(api.GET("/api/segments", { params: { query: whole(from) }, signal }))),
});

export const fieldsQuery = queryOptions({
  queryKey: ["fields", "all"],
  queryFn: ({ signal }) =>
    every((from) => ok(api.GET("/api/fields", { params: { query: whole(from) }, signal }))),
});

export const numbersQuery = queryOptions({
  queryKey: ["phone-numbers", "all"],
  queryFn: ({ signal }) =>
    every((from) => ok(api.GET("/api/phone-numbers", { params: { query: whole(from) }, signal }))),
});

export const templatesToUseQuery = queryOptions({
  queryKey: ["templates", "to-use"],
  queryFn: ({ signal }) =>
    every((from) => ok(api.GET("/api/templates", { params: { query: whole(from) }, signal }))),
});

export const draftsQuery = queryOptions({
  queryKey: ["drafts"],
  queryFn: ({ signal }) =>
    every((from) => ok(api.GET("/api/drafts", { params: { query: whole(from) }, signal }))),
});

function whole(from: From) {
  return { ...from, limit: MOST };
}

/** A whole list: for what a church has dozens of. */
async function every<Item>(page: (from: From) => Promise<Page<Item>>): Promise<Item[]> {
  const found: Item[] = [];
  for await (const item of everything(page)) found.push(item);
  return found;
}

/** People whose name begins so, or whose phone it is. */
export function peopleQuery(search: string) {
  return queryOptions({
    queryKey: ["members", "search", search],
    queryFn: ({ signal }) =>
      ok(api.GET("/api/members", { params: { query: { search, limit: 20 } }, signal })),
    enabled: search.length > 0,
    placeholderData: keepPreviousData,
  });
}

/** The parts of a text as the server counts them, and its cheaper form. */
export function segmentsOfQuery(content: string) {
  return queryOptions({
    queryKey: ["parts", content],
    queryFn: ({ signal }) => ok(api.POST("/api/messages/segments", { body: { content }, signal })),
    enabled: content !== "",
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: keepPreviousData,
  });
}

/** What sending it would do. Its hash holds for a day; who is meant may change each moment. */
export function planQuery(draft: Broadcast, zone: string, isReady: boolean) {
  const body = requestOf(draft, zone);
  return queryOptions({
    queryKey: ["plan", body],
    queryFn: ({ signal }) => ok(api.POST("/api/messages/preview", { body, signal })),
    enabled: isReady,
    staleTime: 20_000,
    placeholderData: keepPreviousData,
  });
}

/** The next five times it would leave. */
export function datesQuery(draft: Broadcast, zone: string) {
  const scheduledFor = { localTime: draft.localTime, timezone: draft.timezone ?? zone };
  const body = { scheduledFor, rrule: ruleOfBroadcast(draft), count: 5 };
  return queryOptions({
    queryKey: ["schedules", "dates-of", body],
    queryFn: ({ signal }) => ok(api.POST("/api/schedules/dates", { body, signal })),
    enabled: draft.when === "later" && draft.localTime !== "",
    placeholderData: keepPreviousData,
  });
}
