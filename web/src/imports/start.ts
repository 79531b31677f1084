import { ok } from "@koinonia/client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "../api/client.ts";
import { useIdempotencyKey } from "../api/idempotency.ts";
import { type MappingDraft, requestOf } from "./mapping.ts";

/** Sends what staff decided, then lets a worker check (`dryRun`) or write the rows. */
export function useStart(importId: string, dryRun: boolean, onStarted: () => void) {
  const queries = useQueryClient();
  const [key, next] = useIdempotencyKey();
  const path = { importId };
  return useMutation({
    async mutationFn(draft: MappingDraft) {
      await ok(
        api.PUT("/api/imports/{importId}/mapping", {
          params: { path },
          body: requestOf(draft, !dryRun),
        }),
      );
      return ok(
        api.POST("/api/imports/{importId}/start", {
          params: { path, header: { "Idempotency-Key": key } },
          body: { dryRun },
        }),
      );
    },
    meta: { isShown: true },
    onSuccess(job) {
      next();
      queries.setQueryData(["imports", importId], job);
      onStarted();
    },
  });
}
