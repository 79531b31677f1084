import { type ImportJob, ok } from "@koinonia/client";
import { queryOptions } from "@tanstack/react-query";
import { api } from "../api/client.ts";

/** Events tell of progress; this is for when none comes. */
const POLL_MS = 3_000;

export const importsQuery = queryOptions({
  queryKey: ["imports", "list"],
  queryFn: ({ signal }) =>
    ok(api.GET("/api/imports", { params: { query: { limit: 20 } }, signal })),
});

export function importQuery(importId: string) {
  return queryOptions({
    queryKey: ["imports", importId],
    queryFn: ({ signal }) =>
      ok(api.GET("/api/imports/{importId}", { params: { path: { importId } }, signal })),
    refetchInterval: ({ state }) => (state.data && isWorking(state.data) ? POLL_MS : false),
  });
}

/** Whether a worker has it. */
export function isWorking({ status }: Pick<ImportJob, "status">): boolean {
  return status === "checking" || status === "running" || status === "undoing";
}

/** Whether its rows were written, or begun to be. */
export function isWritten({ status }: Pick<ImportJob, "status">): boolean {
  return !["uploaded", "checking", "checked"].includes(status);
}
