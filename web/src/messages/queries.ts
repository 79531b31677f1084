import type { DeliveryStatus, MessageDetail, MessageStatus } from "@koinonia/client";
import { ok } from "@koinonia/client";
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api } from "../api/client.ts";
import { isResponse, type Response } from "./statuses.ts";

const PER_PAGE = 25;
const RECIPIENTS_PER_PAGE = 50;

export interface Filters {
  status?: MessageStatus;
  search?: string;
  /** Days of the church: "2026-11-30". */
  since?: string;
  before?: string;
  tests?: true;
  cursor?: string;
}

export function messagesQuery(filters: Filters) {
  const { status, search, since, before, tests, cursor } = filters;
  const query = {
    limit: PER_PAGE,
    ...(status === undefined ? {} : { status: [status] }),
    ...(search === undefined ? {} : { search }),
    ...(since === undefined ? {} : { createdSince: startOf(since) }),
    ...(before === undefined ? {} : { createdBefore: startOf(before, 1) }),
    ...(tests === undefined ? {} : { includeTests: true }),
    ...(cursor === undefined ? {} : { cursor }),
  };
  return queryOptions({
    queryKey: ["messages", "list", query],
    queryFn: ({ signal }) => ok(api.GET("/api/messages", { params: { query }, signal })),
    placeholderData: keepPreviousData,
  });
}

export function messageQuery(messageId: string) {
  return queryOptions({
    queryKey: ["messages", messageId],
    queryFn: ({ signal }) =>
      ok(api.GET("/api/messages/{messageId}", { params: { path: { messageId } }, signal })),
  });
}

/** Which of the phones: those whose text is in a state, or that texted back. */
export type Which = DeliveryStatus | Response | undefined;

export function recipientsQuery(messageId: string, which: Which, cursor?: string) {
  const query = {
    limit: RECIPIENTS_PER_PAGE,
    ...(isResponse(which) ? { response: which } : {}),
    ...(which === undefined || isResponse(which) ? {} : { status: which }),
    ...(cursor === undefined ? {} : { cursor }),
  };
  return queryOptions({
    queryKey: ["messages", messageId, "recipients", query],
    queryFn: ({ signal }) => {
      const params = { path: { messageId }, query };
      return ok(api.GET("/api/messages/{messageId}/recipients", { params, signal }));
    },
    placeholderData: keepPreviousData,
  });
}

/** Why texts did not arrive; asked anew when as many more failed as `texts` says. */
export function failuresQuery(messageId: string, texts: number) {
  return queryOptions({
    queryKey: ["messages", messageId, "failures", texts],
    queryFn: ({ signal }) =>
      ok(
        api.GET("/api/messages/{messageId}/failures", {
          params: { path: { messageId } },
          signal,
        }),
      ),
    enabled: texts > 0,
    placeholderData: keepPreviousData,
  });
}

/** Texts whose fate is known, or that will not leave. */
export function settled({ counts }: Pick<MessageDetail, "counts">): number {
  return counts.delivered + counts.failed + counts.unconfirmed + counts.skipped;
}

/** Texts that the carrier took. */
export function accepted({ counts }: Pick<MessageDetail, "counts">): number {
  return counts.sent + counts.delivered + counts.unconfirmed;
}

function startOf(day: string, later = 0): string {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  return new Date(year, month - 1, date + later).toISOString();
}
