import { ApiError, ok, type Preview } from "@koinonia/client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { api } from "../api/client.ts";
import { useMe } from "../api/queries.ts";
import { showDone } from "../ui/toasts.ts";
import { useWords } from "../words/words.tsx";
import { type Broadcast, emptyBroadcast, requestOf, ruleOfBroadcast } from "./broadcast.ts";
import { type KeptBroadcast, useDraftOwner } from "./kept.ts";
import { rememberSent, UNDO_SECONDS } from "./lastSent.ts";

/** What is sent, and what whoever sends it was shown. */
interface Agreed {
  draft: Broadcast;
  preview: Preview | undefined;
}

type Accepted = { kind: "message" | "schedule"; id: string };

export interface Sending {
  /** Why what stands there now was not sent; other words are another try. */
  error: Error | null;
  /** What was agreed to where it is no longer so. */
  agreed: Preview | undefined;
  isPending: boolean;
  begin: () => void;
}

/** Sends the draft once, however often it is asked for. The server holds it while it can be undone. */
export function useSending(
  { name, draft, change, replace }: KeptBroadcast,
  preview: Preview | undefined,
): Sending {
  const words = useWords().send;
  const { church } = useMe();
  const owner = useDraftOwner();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const send = useMutation({
    mutationFn: (agreed: Agreed) =>
      sent(agreed.draft, church.timezone, agreed.preview?.previewHash, (saved) =>
        change({ saved }),
      ),
    meta: { isShown: true },
    onSuccess({ kind, id }) {
      if (kind === "message") rememberSent({ messageId: id, draft, name, owner });
      replace(emptyBroadcast());
      for (const key of ["messages", "schedules", "drafts"]) {
        void queries.invalidateQueries({ queryKey: [key] });
      }
      if (kind === "schedule") showDone(words.scheduled);
      void (kind === "message"
        ? navigate({ to: "/messages/$messageId", params: { messageId: id } })
        : navigate({ to: "/schedules/$scheduleId", params: { scheduleId: id } }));
    },
    onError() {
      void queries.invalidateQueries({ queryKey: ["plan"] });
    },
  });
  const isOfThis = send.variables !== undefined && isSame(send.variables.draft, draft);
  const error = isOfThis ? send.error : null;
  return {
    error,
    agreed: isOutdated(error) ? send.variables?.preview : undefined,
    isPending: send.isPending,
    begin() {
      if (!send.isPending) send.mutate({ draft, preview });
    },
  };
}

/** The same but for where it is kept. */
function isSame(one: Broadcast, other: Broadcast): boolean {
  return JSON.stringify({ ...one, saved: null }) === JSON.stringify({ ...other, saved: null });
}

function isOutdated(error: Error | null): boolean {
  return error instanceof ApiError && ["PREVIEW_CHANGED", "PREVIEW_EXPIRED"].includes(error.code);
}

/** The same key for each try, so that a lost answer sends nothing twice. */
async function sent(
  draft: Broadcast,
  zone: string,
  hash: string | undefined,
  onSaved: (saved: NonNullable<Broadcast["saved"]>) => void,
): Promise<Accepted> {
  const body = { ...requestOf(draft, zone), ...(hash === undefined ? {} : { previewHash: hash }) };
  const params = { header: { "Idempotency-Key": draft.key } };
  if (draft.when === "later") {
    const rrule = ruleOfBroadcast(draft);
    const name = draft.name.trim() === "" ? null : draft.name.trim();
    const schedule = await ok(
      api.POST("/api/schedules", { params, body: { ...body, rrule, name } }),
    );
    if (draft.saved !== null) await removed(draft.saved);
    return { kind: "schedule", id: schedule.id };
  }
  const undoable = { ...body, undoSeconds: UNDO_SECONDS };
  if (draft.saved === null) return ok(api.POST("/api/messages/send", { params, body: undoable }));
  const path = { draftId: draft.saved.id };
  const saved = await ok(
    api.PUT("/api/drafts/{draftId}", {
      params: { path },
      body: { name: draft.name || null, message: undoable, version: draft.saved.version },
    }),
  );
  onSaved(saved);
  return ok(
    api.POST("/api/drafts/{draftId}/send", {
      params: { ...params, path },
      body: { version: saved.version },
    }),
  );
}

async function removed({ id, version }: { id: string; version: number }): Promise<void> {
  await api.DELETE("/api/drafts/{draftId}", {
    params: { path: { draftId: id }, query: { version } },
  });
}
