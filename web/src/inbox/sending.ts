import {
  ApiError,
  type Conversation,
  form,
  type NewerLine,
  ok,
  type ThreadMovedOnError,
} from "@koinonia/client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "../api/client.ts";
import type { Draft } from "../compose/drafts.ts";
import { refreshThread } from "./liveInbox.ts";

/** An answer, when it goes and to whom. */
export interface Answer {
  draft: Draft;
  recipient: string | undefined;
  lastSeenLineId: string | null;
  /** Sends it whatever was said meanwhile. */
  force: boolean;
  /** When it goes out; at once without it. */
  sendAt?: string;
}

/** Sends once, however often it is asked: the key is the draft's. */
export function useSending(conversation: Conversation, onSent: (answer: Answer) => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (answer: Answer) => sent(conversation.id, answer),
    meta: { isShown: true },
    onSuccess(_result, answer) {
      onSent(answer);
      return refreshThread(queries, conversation.id);
    },
  });
}

export function useNoting(conversation: Conversation, onNoted: () => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ draft, mentions }: { draft: Draft; mentions: string[] }) =>
      ok(
        api.POST("/api/conversations/{conversationId}/notes", {
          params: params(conversation.id, draft),
          body: { content: draft.text.trim(), mentions },
        }),
      ),
    meta: { isShown: true },
    onSuccess() {
      onNoted();
      return refreshThread(queries, conversation.id);
    },
  });
}

/** Puts a file where answers can take it from. */
export async function upload(file: File) {
  const body = { files: [file] };
  const { id, name, url, contentType } = await ok(
    api.POST("/api/media", { body, bodySerializer: form }),
  );
  return { id, name, url, contentType };
}

/** What was said meanwhile, when that is why an answer was held back. */
export function saidMeanwhile(error: unknown): NewerLine[] | undefined {
  if (!(error instanceof ApiError) || error.code !== "THREAD_MOVED_ON") return undefined;
  return (error.details as ThreadMovedOnError["details"]).lines;
}

function sent(conversationId: string, answer: Answer): Promise<unknown> {
  const { draft, recipient, lastSeenLineId, force, sendAt } = answer;
  const files = draft.files ?? [];
  const shared = {
    content: draft.text.trim(),
    force,
    ...(lastSeenLineId === null ? {} : { lastSeenLineId }),
    ...(recipient === undefined ? {} : { recipient }),
  };
  const where = { params: params(conversationId, draft) };
  const mediaIds = files.map(({ id }) => id);
  if (sendAt !== undefined) {
    const body = { ...shared, mediaIds, sendAt };
    return ok(
      api.POST("/api/conversations/{conversationId}/scheduled-replies", { ...where, body }),
    );
  }
  if (files.length > 0) {
    const body = { ...shared, mediaIds };
    return ok(api.POST("/api/conversations/{conversationId}/reply-with-media", { ...where, body }));
  }
  return ok(api.POST("/api/conversations/{conversationId}/reply", { ...where, body: shared }));
}

function params(conversationId: string, draft: Draft) {
  return { path: { conversationId }, header: { "Idempotency-Key": draft.key } };
}
