import { type MessageDetail, ok } from "@koinonia/client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { api } from "../api/client.ts";
import { newKey } from "../api/idempotency.ts";
import { useMay } from "../api/queries.ts";
import { leavesAt, restored } from "../send/lastSent.ts";
import { Button } from "../ui/Button.tsx";
import { Notice } from "../ui/States.tsx";
import { showDone } from "../ui/toasts.ts";
import { useWords } from "../words/words.tsx";
import styles from "./DetailPage.module.css";

const SECOND = 1_000;
const MOST_SECONDS = 30;
const TICK_MS = 250;

/** The seconds before a broadcast leaves, and the way back. */
export function UndoNotice({ message }: { message: MessageDetail }) {
  const isOpen = ["pending", "sending"].includes(message.status);
  if (message.undoUntil === null || !isOpen) return null;
  return <Leaving message={message} undoUntil={message.undoUntil} />;
}

function Leaving({ message, undoUntil }: { message: MessageDetail; undoUntil: string }) {
  const words = useWords().messages;
  const maySend = useMay("messages.work");
  const seconds = useSecondsUntil(leavesAt(message.id, undoUntil));
  const { undo, sendNow } = useChoices(message);
  if (seconds <= 0) return null;
  return (
    <Notice
      action={
        maySend && (
          <span className={styles.actions}>
            <Button size="s" autoFocus isPending={undo.isPending} onPress={() => undo.mutate()}>
              {words.undo}
            </Button>
            <Button
              size="s"
              kind="quiet"
              isPending={sendNow.isPending}
              onPress={() => sendNow.mutate()}
            >
              {words.sendNow}
            </Button>
          </span>
        )
      }
    >
      <strong>{words.leavesIn(Math.min(seconds, MOST_SECONDS))}</strong> {words.leavesWhy}
    </Notice>
  );
}

function useChoices(message: MessageDetail) {
  const words = useWords().messages;
  const queries = useQueryClient();
  const navigate = useNavigate();
  const params = { path: { messageId: message.id } };
  const show = (changed: MessageDetail) => {
    queries.setQueryData(["messages", message.id], changed);
    void queries.invalidateQueries({ queryKey: ["messages", "list"] });
  };
  const undo = useMutation({
    mutationFn: () => ok(api.POST("/api/messages/{messageId}/cancel", { params })),
    onSuccess(changed) {
      show(changed);
      const left = changed.totalRecipients - changed.counts.skipped - changed.counts.pending;
      const search = left > 0 ? undefined : restored(message.id, newKey());
      if (search !== undefined) void navigate({ to: "/send", search });
      showDone(left > 0 ? words.undoneLate(left) : words.undone);
    },
  });
  const sendNow = useMutation({
    mutationFn: () => ok(api.POST("/api/messages/{messageId}/send-now", { params })),
    onSuccess: show,
  });
  return { undo, sendNow };
}

function useSecondsUntil(end: number): number {
  const [now, setNow] = useState(Date.now);
  const isOver = now >= end;
  useEffect(() => {
    if (isOver) return undefined;
    const timer = setInterval(() => setNow(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, [isOver]);
  return Math.ceil((end - now) / SECOND);
}
