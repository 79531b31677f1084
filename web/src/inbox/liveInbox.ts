import type { ConversationItem, EventNamed, StreamEvent } from "@koinonia/client";
import { type QueryClient, type QueryKey, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useMe } from "../api/queries.ts";
import { Batch } from "../live/apply.ts";
import { useEvents } from "../live/useLive.ts";
import { belongs, type InboxSearch, listQuery } from "./filters.ts";
import { type Pages, pagesBefore, withEach, withNewHead } from "./pages.ts";
import {
  ageOfRow,
  conversationQuery,
  conversationsPage,
  conversationsQuery,
  type Entry,
  PAGES_KEPT,
  timelinePage,
  timelineQuery,
} from "./queries.ts";

/**
 * Keeps the list and the open thread right as events come. A row changes by what its event says;
 * what came new is fetched with the first page alone, so that a long list is not asked for anew.
 */
export function useLiveInbox(search: InboxSearch, conversationId: string | undefined): void {
  const queries = useQueryClient();
  const { admin } = useMe();
  const current = useRef({ search, conversationId });
  const batch = useRef<Batch | undefined>(undefined);
  useEffect(() => {
    current.current = { search, conversationId };
  }, [search, conversationId]);
  useEffect(() => {
    const made = new Batch(([what]) => {
      const { search: shown, conversationId: open } = current.current;
      if (what === "list") void refreshList(queries, shown);
      if (what === "thread" && open !== undefined) void refreshThread(queries, open);
    });
    batch.current = made;
    return () => made.stop();
  }, [queries]);

  useEvents((event) => {
    const { search: shown, conversationId: open } = current.current;
    if (event.event === "conversation.updated") {
      moveRow(queries, shown, event.data, admin.id);
      batch.current?.add([["list"]]);
      if (event.data.conversationId === open) batch.current?.add([["thread"]]);
    }
    if (event.event === "conversation.read") markRead(queries, shown, event.data.conversationIds);
    if (event.event === "reply.status" && open !== undefined) {
      setStatus(queries, open, event.data);
    }
    if (isAboutOpen(event, open)) batch.current?.add([["thread"]]);
  });
}

/** The first page of the list anew, merged into what is shown; who reads so far below that it was
 * dropped gets it with the way back up. */
export async function refreshList(queries: QueryClient, search: InboxSearch): Promise<void> {
  const { queryKey } = conversationsQuery(search);
  const isHeadKept = () => {
    const pages = queries.getQueryData(queryKey);
    return pages !== undefined && pagesBefore(pages) === 0;
  };
  if (!isHeadKept()) return;
  const head = await orAskedAgain(queries, queryKey, conversationsPage(search, undefined));
  if (head === undefined || !isHeadKept()) return;
  queries.setQueryData(
    queryKey,
    (old) => old && withNewHead(old, head, rowKey, ageOfRow, PAGES_KEPT),
  );
}

/** The newest of the thread, and what is known around it. */
export async function refreshThread(queries: QueryClient, id: string): Promise<void> {
  const { queryKey } = timelineQuery(id);
  void queries.invalidateQueries({ queryKey: conversationQuery(id).queryKey });
  if (queries.getQueryData(queryKey) === undefined) return;
  const head = await orAskedAgain(queries, queryKey, timelinePage(id, undefined));
  if (head === undefined) return;
  queries.setQueryData(
    queryKey,
    (old) => old && withNewHead(old, head, entryKey, (each) => each.at),
  );
}

/** A page; where it cannot be had, nothing, and the query is left to its own tries, which wait for
 * the line. */
async function orAskedAgain<Page>(
  queries: QueryClient,
  queryKey: QueryKey,
  page: Promise<Page>,
): Promise<Page | undefined> {
  try {
    return await page;
  } catch {
    void queries.invalidateQueries({ queryKey });
    return undefined;
  }
}

export function entryKey(entry: Entry): string {
  return `${entry.kind}-${entry.id}`;
}

export function rowKey(row: ConversationItem): string {
  return row.id;
}

function moveRow(
  queries: QueryClient,
  search: InboxSearch,
  data: EventNamed<"conversation.updated">["data"],
  ownId: string,
): void {
  const query = listQuery(search);
  queries.setQueryData(conversationsQuery(search).queryKey, (old) => {
    if (old === undefined) return old;
    return withEach(old, (row) => {
      if (row.id !== data.conversationId) return row;
      if (data.mergedIntoId !== null || !belongs(query, data, ownId)) return undefined;
      const isAbove = data.lastMessageAt !== null && data.lastMessageAt > row.lastMessageAt;
      if (isAbove && pagesBefore(old) > 0) return undefined;
      const { status, unreadCount, assigneeId } = data;
      return { ...row, status, unreadCount, assigneeId };
    });
  });
}

/** As the server will say it; an older count of it does not bring the dot back. */
export function markRead(queries: QueryClient, search: InboxSearch, ids: string[]): void {
  const read = new Set(ids);
  queries.setQueryData(conversationsQuery(search).queryKey, (old) => {
    if (old === undefined) return old;
    return withEach(old, (row) =>
      read.has(row.id) && row.unreadForMe ? { ...row, unreadForMe: false, unreadCount: 0 } : row,
    );
  });
}

function setStatus(
  queries: QueryClient,
  id: string,
  { messageId, status, failure }: EventNamed<"reply.status">["data"],
): void {
  const { queryKey } = timelineQuery(id);
  queries.setQueryData(queryKey, (old) => {
    if (old === undefined) return old;
    const pages: Pages<Entry> = old;
    return withEach(pages, (entry) =>
      entry.kind === "text" && entry.id === messageId
        ? { ...entry, line: { ...entry.line, status, failure } }
        : entry,
    );
  });
}

/** What else shows in the thread: who is answering, consent, the progress of a broadcast to it. */
function isAboutOpen(event: StreamEvent, open: string | undefined): boolean {
  if (open === undefined) return false;
  if (event.event === "presence.changed") return event.data.conversationId === open;
  return event.event === "member.opted_out" || event.event === "member.opted_in";
}
