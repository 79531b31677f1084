import { type CannedReply, ok } from "@koinonia/client";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../api/client.ts";
import { useMay } from "../api/queries.ts";
import { EditDialog } from "../ui/EditDialog.tsx";
import { TextArea, TextField } from "../ui/TextField.tsx";
import { useWords } from "../words/words.tsx";
import { ItemsSection } from "./ItemsSection.tsx";
import { cannedRepliesQuery } from "./queries.ts";

const TOUCHES = ["canned-replies"];

/** Answers that are given often, found in the inbox by `/`. */
export function RepliesPage() {
  const words = useWords().settings;
  return (
    <ItemsSection
      title={words.sections.replies}
      note={words.repliesWhy}
      add={words.addReply}
      empty={words.noReplies}
      query={useQuery(cannedRepliesQuery)}
      mayChange={useMay("canned_replies.work")}
      nameOf={({ shortcut }) => `/${shortcut}`}
      noteOf={({ content }) => content}
      form={(reply, onClose) => <ReplyDialog {...(reply ? { reply } : {})} onClose={onClose} />}
      remove={({ id }) =>
        ok(
          api.DELETE("/api/canned-replies/{cannedReplyId}", {
            params: { path: { cannedReplyId: id } },
          }),
        )
      }
      removeWhy={words.removeReplyWhy}
      touches={TOUCHES}
    />
  );
}

function ReplyDialog({ reply, onClose }: { reply?: CannedReply; onClose: () => void }) {
  const words = useWords().settings;
  const [shortcut, setShortcut] = useState(reply?.shortcut ?? "");
  const [content, setContent] = useState(reply?.content ?? "");
  const body = { shortcut, content };
  const save = (key: string) =>
    reply === undefined
      ? ok(
          api.POST("/api/canned-replies", {
            params: { header: { "Idempotency-Key": key } },
            body,
          }),
        )
      : ok(
          api.PATCH("/api/canned-replies/{cannedReplyId}", {
            params: { path: { cannedReplyId: reply.id } },
            body,
          }),
        );
  return (
    <EditDialog
      title={reply === undefined ? words.addReply : words.change(`/${reply.shortcut}`)}
      isDirty={shortcut !== (reply?.shortcut ?? "") || content !== (reply?.content ?? "")}
      save={save}
      touches={TOUCHES}
      done={words.saved}
      onClose={onClose}
    >
      <TextField
        name="shortcut"
        label={words.shortcut}
        hint={words.shortcutHint}
        isRequired
        autoFocus
        maxLength={32}
        value={shortcut}
        onChange={setShortcut}
      />
      <TextArea
        name="content"
        label={words.replyText}
        isRequired
        maxLength={1600}
        value={content}
        onChange={setContent}
      />
    </EditDialog>
  );
}
