import { ok } from "@koinonia/client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "../api/client.ts";

/** What staff do to a conversation. Each is carried out at once and shown when it was. */
export type ConversationChange =
  | { kind: "status"; status: "open" | "closed" | "archived" }
  | { kind: "assign"; adminId: string | null }
  | { kind: "labels"; labelIds: string[] }
  | { kind: "snooze"; until: string }
  | { kind: "wake" }
  | { kind: "pin"; memberId: string | null }
  | { kind: "merge"; fromId: string };

export function useConversationChange(conversationId: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (change: ConversationChange) => carriedOut(conversationId, change),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["conversations"] }),
  });
}

function carriedOut(conversationId: string, change: ConversationChange) {
  const params = { path: { conversationId } };
  switch (change.kind) {
    case "status": {
      const body = { status: change.status };
      return ok(api.PATCH("/api/conversations/{conversationId}/status", { params, body }));
    }
    case "assign": {
      const body = { adminId: change.adminId };
      return ok(api.PATCH("/api/conversations/{conversationId}/assign", { params, body }));
    }
    case "labels": {
      const body = { labelIds: change.labelIds };
      return ok(api.PUT("/api/conversations/{conversationId}/labels", { params, body }));
    }
    case "snooze": {
      const body = { until: change.until };
      return ok(api.POST("/api/conversations/{conversationId}/snooze", { params, body }));
    }
    case "wake":
      return ok(api.DELETE("/api/conversations/{conversationId}/snooze", { params }));
    case "pin": {
      const body = { memberId: change.memberId };
      return ok(api.PUT("/api/conversations/{conversationId}/member", { params, body }));
    }
    case "merge": {
      const body = { fromId: change.fromId };
      return ok(api.POST("/api/conversations/{conversationId}/merge", { params, body }));
    }
  }
}
