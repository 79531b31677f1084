import { everything, type Member, ok, type Segment } from "@koinonia/client";
import {
  type InfiniteData,
  infiniteQueryOptions,
  keepPreviousData,
  queryOptions,
  useInfiniteQuery,
} from "@tanstack/react-query";
import { api } from "../api/client.ts";
import { membersQueryOf, type PeopleSearch } from "./search.ts";

export const PAGE = 50;
const PAGES_KEPT = 10;

/** The cursors of all pages up to this one, so that pages that were dropped are found again. */
export interface Place {
  index: number;
  cursors: readonly (string | undefined)[];
}

interface MemberPage {
  data: Member[];
  nextCursor: string | null;
}

function membersQuery(search: PeopleSearch) {
  const first: Place = { index: 0, cursors: [undefined] };
  return infiniteQueryOptions({
    queryKey: ["members", "list", search],
    queryFn: ({ pageParam, signal }) =>
      fetchPage(search, pageParam.cursors[pageParam.index], signal),
    initialPageParam: first,
    getNextPageParam: (last: MemberPage, _all, place: Place) =>
      last.nextCursor === null
        ? undefined
        : { index: place.index + 1, cursors: [...place.cursors, last.nextCursor] },
    getPreviousPageParam: (_first: MemberPage, _all, place: Place) =>
      place.index === 0
        ? undefined
        : { index: place.index - 1, cursors: place.cursors.slice(0, place.index) },
    maxPages: PAGES_KEPT,
    placeholderData: keepPreviousData,
  });
}

/** The rows that are kept, and how many stand before them. */
export function useMembers(search: PeopleSearch) {
  const query = useInfiniteQuery({ ...membersQuery(search), select: rowsOf });
  return query;
}

export interface Rows {
  rows: Member[];
  /** How many rows of earlier pages were dropped. */
  before: number;
}

function rowsOf(data: InfiniteData<MemberPage, Place>): Rows {
  return {
    rows: data.pages.flatMap((page) => page.data),
    before: (data.pageParams[0]?.index ?? 0) * PAGE,
  };
}

function fetchPage(
  search: PeopleSearch,
  cursor: string | undefined,
  signal: AbortSignal,
): Promise<MemberPage> {
  const from = { limit: PAGE, ...(cursor === undefined ? {} : { cursor }) };
  if (search.segment !== undefined) {
    const path = { segmentId: search.segment };
    const query = search.sort === undefined ? from : { ...from, order: search.sort };
    return ok(api.GET("/api/segments/{segmentId}/members", { params: { path, query }, signal }));
  }
  const query = { ...membersQueryOf(search), ...from };
  return ok(api.GET("/api/members", { params: { query }, signal }));
}

/** How many they are; apart from the list, which must not wait for it. */
export function countQuery({ sort: _, ...search }: PeopleSearch) {
  return queryOptions({
    queryKey: ["members", "count", search],
    async queryFn({ signal }): Promise<number | null> {
      if (search.segment !== undefined) {
        const path = { segmentId: search.segment };
        const found = await ok(api.GET("/api/segments/{segmentId}", { params: { path }, signal }));
        return found.memberCount;
      }
      const query = { ...membersQueryOf(search), limit: 1, total: true };
      const page = await ok(api.GET("/api/members", { params: { query }, signal }));
      return page.total ?? null;
    },
  });
}

export function memberQuery(memberId: string) {
  return queryOptions({
    queryKey: ["members", memberId],
    queryFn: ({ signal }) =>
      ok(api.GET("/api/members/{memberId}", { params: { path: { memberId } }, signal })),
  });
}

/** Others on the same phone. */
export function householdQuery(member: Member) {
  return queryOptions({
    queryKey: ["members", "household", member.phone],
    async queryFn({ signal }): Promise<Member[]> {
      const query = { search: member.phone, limit: 20 };
      const page = await ok(api.GET("/api/members", { params: { query }, signal }));
      return page.data.filter((each) => each.phone === member.phone);
    },
  });
}

export function consentQuery(memberId: string) {
  return queryOptions({
    queryKey: ["consents", memberId],
    queryFn: ({ signal }) =>
      ok(api.GET("/api/consents", { params: { query: { memberId } }, signal })),
  });
}

export function receivedQuery(memberId: string) {
  return queryOptions({
    queryKey: ["messages", "received", memberId],
    queryFn: ({ signal }) =>
      ok(api.GET("/api/messages/received", { params: { query: { memberId, limit: 10 } }, signal })),
  });
}

export const segmentsQuery = queryOptions({
  queryKey: ["segments"],
  async queryFn({ signal }): Promise<Segment[]> {
    const found: Segment[] = [];
    const page = (from: { cursor?: string }) =>
      ok(api.GET("/api/segments", { params: { query: { ...from, limit: 100 } }, signal }));
    for await (const segment of everything(page)) found.push(segment);
    return found;
  },
});
