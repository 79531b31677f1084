import { type MessageDetail, ok } from "@koinonia/client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../api/client.ts";
import { useMay } from "../api/queries.ts";
import { Button } from "../ui/Button.tsx";
import { Confirm } from "../ui/Dialog.tsx";
import { showDone } from "../ui/toasts.ts";
import { useWords } from "../words/words.tsx";

/** What can still be done about a broadcast that is not through. */
export function Controls({ message }: { message: MessageDetail }) {
  const words = useWords().messages;
  const mayChange = useMay("messages.work");
  const params = { path: { messageId: message.id } };
  const pause = useChange(message, words.paused, () =>
    ok(api.POST("/api/messages/{messageId}/pause", { params })),
  );
  const resume = useChange(message, words.resumed, () =>
    ok(api.POST("/api/messages/{messageId}/resume", { params })),
  );
  const { status } = message;
  if (!mayChange || !["pending", "sending", "paused"].includes(status)) return null;
  return (
    <>
      {status === "paused" && (
        <Button icon="play" isPending={resume.isPending} onPress={() => resume.mutate()}>
          {words.resume}
        </Button>
      )}
      {status === "sending" && (
        <Button icon="pause" isPending={pause.isPending} onPress={() => pause.mutate()}>
          {words.pause}
        </Button>
      )}
      <Cancel message={message} />
    </>
  );
}

function Cancel({ message }: { message: MessageDetail }) {
  const words = useWords().messages;
  const [isAsked, setAsked] = useState(false);
  const cancel = useChange(
    message,
    words.cancelled,
    () =>
      ok(
        api.POST("/api/messages/{messageId}/cancel", {
          params: { path: { messageId: message.id } },
        }),
      ),
    () => setAsked(false),
  );
  return (
    <>
      <Button icon="stop" onPress={() => setAsked(true)}>
        {words.cancel}
      </Button>
      <Confirm
        title={words.cancelTitle}
        action={words.cancel}
        keep={words.keep}
        isDanger
        isOpen={isAsked}
        isPending={cancel.isPending}
        onClose={() => setAsked(false)}
        onConfirm={() => cancel.mutate()}
      >
        <p>{words.cancelWhy(message.counts.pending)}</p>
      </Confirm>
    </>
  );
}

/** The answer is the message as it is now, so it takes the place of the one that is shown; what is
 * refused is shown as it became meanwhile. */
function useChange(
  message: MessageDetail,
  done: string,
  change: () => Promise<MessageDetail>,
  onEnd?: () => void,
) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess(changed) {
      queries.setQueryData(["messages", message.id], changed);
      void queries.invalidateQueries({ queryKey: ["messages", "list"] });
      showDone(done);
    },
    onError: () => queries.invalidateQueries({ queryKey: ["messages", message.id] }),
    onSettled: () => onEnd?.(),
  });
}
