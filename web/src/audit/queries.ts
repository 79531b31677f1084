import { ok } from "@koinonia/client";
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api } from "../api/client.ts";

const PER_PAGE = 25;

/** As they stand in the address; the days are the reader's. */
export interface AuditFilters {
  who?: string;
  what?: string;
  thing?: string;
  since?: string;
  until?: string;
  cursor?: string;
}

export function auditQuery(filters: AuditFilters) {
  const { cursor } = filters;
  const query = {
    limit: PER_PAGE,
    ...asked(filters),
    ...(cursor === undefined ? {} : { cursor }),
  };
  return queryOptions({
    queryKey: ["audit", "list", query],
    queryFn: ({ signal }) => ok(api.GET("/api/audit", { params: { query }, signal })),
    placeholderData: keepPreviousData,
  });
}

/** The same entries as a file. */
export function auditFile(filters: AuditFilters): Promise<Blob> {
  return ok(api.GET("/api/audit/export", { params: { query: asked(filters) }, parseAs: "blob" }));
}

function asked({ who, what, thing, since, until }: AuditFilters) {
  return {
    ...(who === undefined ? {} : { actorId: who }),
    ...(what === undefined ? {} : { action: what }),
    ...(thing === undefined ? {} : { thingId: thing }),
    ...(since === undefined ? {} : { from: startOf(since) }),
    ...(until === undefined ? {} : { to: startOf(until, 1) }),
  };
}

function startOf(day: string, later = 0): string {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  return new Date(year, month - 1, date + later).toISOString();
}
