import { ok, type Preview } from "@koinonia/client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { api } from "../api/client.ts";
import { useMe } from "../api/queries.ts";
import { showDone } from "../ui/toasts.ts";
import { useWords } from "../words/words.tsx";
import { type Broadcast, emptyBroadcast, requestOf, ruleOfBroadcast } from "./broadcast.ts";
import type { KeptBroadcast } from "./kept.ts";

export const UNDO_MS = 10_000;
const TICK_MS = 200;

type Accepted = { kind: "message" | "schedule"; id: string };

export interface Sending {
  error: Error | null;
  isPending: boolean;
  /** Milliseconds until it leaves; undefined while nothing is about to. */
  leavesIn: number | undefined;
  /** Sends what leaves later at once, and the rest after the time to undo. */
  begin: () => void;
  undo: () => void;
  now: () => void;
}

/** Sends the draft once, however often and in whatever way it is asked for. */
export function useSending(
  draft: Broadcast,
  preview: Preview | undefined,
  { change, replace }: Pick<KeptBroadcast, "change" | "replace">,
): Sending {
  const words = useWords().send;
  const { church } = useMe();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [leavesAt, setLeavesAt] = useState<number>();
  const hash = preview?.previewHash;
  const send = useMutation({
    mutationFn: () => sent(draft, church.timezone, hash, (saved) => change({ saved })),
    meta: { isShown: true },
    onSuccess({ kind, id }) {
      replace(emptyBroadcast());
      for (const key of ["messages", "schedules", "drafts"]) {
        void queries.invalidateQueries({ queryKey: [key] });
      }
      showDone(kind === "message" ? words.sent : words.scheduled);
      void (kind === "message"
        ? navigate({ to: "/messages/$messageId", params: { messageId: id } })
        : navigate({ to: "/schedules/$scheduleId", params: { scheduleId: id } }));
    },
    onError() {
      void queries.invalidateQueries({ queryKey: ["plan"] });
    },
  });
  const now = () => {
    setLeavesAt(undefined);
    if (!send.isPending) send.mutate();
  };
  return {
    error: send.error,
    isPending: send.isPending,
    leavesIn: useCountdown(leavesAt, now),
    begin() {
      send.reset();
      if (draft.when === "later") now();
      else setLeavesAt((before) => before ?? Date.now() + UNDO_MS);
    },
    undo: () => setLeavesAt(undefined),
    now,
  };
}

function useCountdown(end: number | undefined, onEnd: () => void): number | undefined {
  const [time, setTime] = useState(Date.now);
  useEffect(() => {
    if (end === undefined) return undefined;
    setTime(Date.now());
    const timer = setInterval(() => setTime(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, [end]);
  const isOver = end !== undefined && time >= end;
  // biome-ignore lint/correctness/useExhaustiveDependencies: it ends once, whatever was drawn since
  useEffect(() => {
    if (isOver) onEnd();
  }, [isOver]);
  return end === undefined ? undefined : Math.max(end - time, 0);
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
  if (draft.saved === null) return ok(api.POST("/api/messages/send", { params, body }));
  const path = { draftId: draft.saved.id };
  const saved = await ok(
    api.PUT("/api/drafts/{draftId}", {
      params: { path },
      body: { name: draft.name || null, message: body, version: draft.saved.version },
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
