import { type ConversationItem, type Label, ok, type TimelinePage } from "@koinonia/client";
import { infiniteQueryOptions, queryOptions, useQuery } from "@tanstack/react-query";
import { api } from "../api/client.ts";
import { labelsQuery as allLabelsQuery, teamQuery as wholeTeamQuery } from "../settings/queries.ts";
import { type InboxSearch, listQuery } from "./filters.ts";
import { HEAD, nextPlace, PAGE_ROWS, type Place, pageAt, previousPlace } from "./pages.ts";

/** As many pages of the list are kept; one more fits in, for what comes while one reads. */
export const PAGES_KEPT = 10;
const SLOW_MS = 5 * 60_000;

export type Entry = TimelinePage["data"][number];

export const countsQuery = queryOptions({
  queryKey: ["conversations", "counts"],
  queryFn: ({ signal }) => ok(api.GET("/api/conversations/counts", { signal })),
});

export function conversationsQuery(search: InboxSearch) {
  const query = listQuery(search);
  return infiniteQueryOptions({
    queryKey: ["conversations", "list", query],
    queryFn: ({ signal, pageParam }) =>
      pageAt(pageParam, ageOfRow, (cursor) => conversationsPage(search, cursor, signal)),
    initialPageParam: HEAD,
    getNextPageParam: (page, _all, place: Place) => nextPlace(page, place),
    getPreviousPageParam: (first, _all, place: Place) => previousPlace(first, place, ageOfRow),
    maxPages: PAGES_KEPT - 1,
  });
}

export function ageOfRow(row: ConversationItem): string {
  return row.lastMessageAt;
}

export function conversationsPage(
  search: InboxSearch,
  cursor: string | undefined,
  signal?: AbortSignal,
) {
  const query = {
    ...listQuery(search),
    limit: PAGE_ROWS,
    ...(cursor === undefined ? {} : { cursor }),
  };
  return ok(api.GET("/api/conversations", { params: { query }, ...(signal ? { signal } : {}) }));
}

export function conversationQuery(conversationId: string) {
  return queryOptions({
    queryKey: ["conversations", "detail", conversationId],
    queryFn: ({ signal }) =>
      ok(
        api.GET("/api/conversations/{conversationId}", {
          params: { path: { conversationId }, query: { messagesLimit: 1 } },
          signal,
        }),
      ),
  });
}

/** What happened at a phone, the newest first: texts, notes, broadcasts, consent, groups. */
export function timelineQuery(conversationId: string) {
  return infiniteQueryOptions({
    queryKey: ["conversations", "timeline", conversationId],
    queryFn: ({ signal, pageParam }) =>
      timelinePage(conversationId, pageParam.cursors.at(-1), signal),
    initialPageParam: HEAD,
    getNextPageParam: (page, _all, place: Place) => nextPlace(page, place),
  });
}

export function timelinePage(
  conversationId: string,
  cursor: string | undefined,
  signal?: AbortSignal,
): Promise<TimelinePage> {
  const query = { limit: PAGE_ROWS, ...(cursor === undefined ? {} : { cursor }) };
  return ok(
    api.GET("/api/conversations/{conversationId}/timeline", {
      params: { path: { conversationId }, query },
      ...(signal ? { signal } : {}),
    }),
  );
}

export function searchQuery(q: string) {
  return infiniteQueryOptions({
    queryKey: ["conversations", "search", q],
    queryFn: ({ signal, pageParam }) =>
      ok(
        api.GET("/api/conversations/search", {
          params: {
            query: { q, limit: 30, ...(pageParam === undefined ? {} : { cursor: pageParam }) },
          },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    enabled: q !== "",
  });
}

export const labelsQuery = { ...allLabelsQuery, staleTime: SLOW_MS };
export const teamQuery = { ...wholeTeamQuery, staleTime: SLOW_MS };

export function cannedQuery(shortcut: string) {
  return queryOptions({
    queryKey: ["canned-replies", shortcut],
    queryFn: ({ signal }) =>
      ok(
        api.GET("/api/canned-replies", {
          params: { query: { q: shortcut, limit: 8 } },
          signal,
        }),
      ),
    staleTime: SLOW_MS,
  });
}

/** The labels of the church by their ids. */
export function useLabels(): Map<string, Label> {
  const { data } = useQuery(labelsQuery);
  return new Map(data?.map((label) => [label.id, label]));
}
