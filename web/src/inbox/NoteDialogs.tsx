import { type ConversationLine, ok } from "@koinonia/client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../api/client.ts";
import { Button } from "../ui/Button.tsx";
import { Confirm, Dialog } from "../ui/Dialog.tsx";
import { FormError } from "../ui/States.tsx";
import { TextArea } from "../ui/TextField.tsx";
import { showDone } from "../ui/toasts.ts";
import { useWords } from "../words/words.tsx";
import { mentionedIn } from "./mentions.ts";
import { timelineQuery } from "./queries.ts";
import { useTeamNames } from "./useMentions.ts";

type Props = { line: ConversationLine; conversationId: string; onClose: () => void };

/** Changes what a note says, or takes it away. */
export default function NoteDialogs({ open, ...props }: Props & { open: "edit" | "remove" }) {
  return open === "edit" ? <EditNote {...props} /> : <RemoveNote {...props} />;
}

function EditNote({ line, conversationId, onClose }: Props) {
  const words = useWords();
  const done = useDone(conversationId, onClose);
  const team = useTeamNames();
  const [content, setContent] = useState(line.content);
  const params = { path: { conversationId, noteId: line.id } };
  const saving = useMutation({
    mutationFn: () =>
      ok(
        api.PATCH("/api/conversations/{conversationId}/notes/{noteId}", {
          params,
          body: { content, mentions: mentionedIn(content, team) },
        }),
      ),
    meta: { isShown: true },
    onSuccess: () => done(words.reply.saved),
  });
  return (
    <Dialog
      title={words.thread.editNote}
      isOpen
      onClose={onClose}
      actions={
        <Button kind="primary" isPending={saving.isPending} onPress={() => saving.mutate()}>
          {words.common.save}
        </Button>
      }
    >
      <TextArea
        label={words.reply.noteLabel}
        isRequired
        autoFocus
        value={content}
        onChange={setContent}
      />
      <FormError error={saving.error} />
    </Dialog>
  );
}

function RemoveNote({ line, conversationId, onClose }: Props) {
  const words = useWords();
  const done = useDone(conversationId, onClose);
  const params = { path: { conversationId, noteId: line.id } };
  const removing = useMutation({
    mutationFn: () =>
      ok(api.DELETE("/api/conversations/{conversationId}/notes/{noteId}", { params })),
    onSuccess: () => done(words.thread.noteRemoved),
  });
  return (
    <Confirm
      title={words.thread.removeNote}
      action={words.common.remove}
      isDanger
      isOpen
      isPending={removing.isPending}
      onClose={onClose}
      onConfirm={() => removing.mutate()}
    >
      <p>{line.content}</p>
    </Confirm>
  );
}

function useDone(conversationId: string, onClose: () => void) {
  const queries = useQueryClient();
  return (sentence: string) => {
    onClose();
    showDone(sentence);
    return queries.invalidateQueries({ queryKey: timelineQuery(conversationId).queryKey });
  };
}
