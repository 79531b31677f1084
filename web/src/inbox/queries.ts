import { type Label, ok, type TimelinePage } from "@koinonia/client";
import { infiniteQueryOptions, queryOptions, useQuery } from "@tanstack/react-query";
import { api } from "../api/client.ts";
import { type InboxSearch, listQuery } from "./filters.ts";

export const LIST_PAGE = 50;
const THREAD_PAGE = 50;
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
    queryFn: ({ signal, pageParam }) => conversationsPage(search, pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
}

export function conversationsPage(
  search: InboxSearch,
  cursor: string | undefined,
  signal?: AbortSignal,
) {
  const query = {
    ...listQuery(search),
    limit: LIST_PAGE,
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
    queryFn: ({ signal, pageParam }) => timelinePage(conversationId, pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
}

export function timelinePage(
  conversationId: string,
  cursor: string | undefined,
  signal?: AbortSignal,
): Promise<TimelinePage> {
  const query = { limit: THREAD_PAGE, ...(cursor === undefined ? {} : { cursor }) };
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

export const labelsQuery = queryOptions({
  queryKey: ["labels"],
  queryFn: ({ signal }) =>
    ok(api.GET("/api/labels", { params: { query: { limit: 100 } }, signal })),
  staleTime: SLOW_MS,
});

export const teamQuery = queryOptions({
  queryKey: ["team"],
  queryFn: ({ signal }) =>
    ok(api.GET("/api/auth/team", { params: { query: { limit: 100 } }, signal })),
  staleTime: SLOW_MS,
});

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
  return new Map(data?.data.map((label) => [label.id, label]));
}
