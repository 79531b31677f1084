import type { Conversation } from "@koinonia/client";
import { useLayoutEffect, useRef, useState } from "react";
import type { DraftPlace } from "../compose/drafts.ts";
import { useDraft } from "../compose/useDraft.ts";
import { Button } from "../ui/Button.tsx";
import { FormError } from "../ui/States.tsx";
import { useWords } from "../words/words.tsx";
import { MentionList } from "./MentionList.tsx";
import { mentionedIn } from "./mentions.ts";
import styles from "./Reply.module.css";
import { useNoting } from "./sending.ts";
import { useMentions } from "./useMentions.ts";

/** A note for the team; nobody else sees it. Who is named with an @ is told of it. */
export function NoteComposer(props: { place: DraftPlace; conversation: Conversation }) {
  const words = useWords().reply;
  const { draft, change, clear } = useDraft(props.place);
  const noting = useNoting(props.conversation, clear);
  const { field, caret, follow, insert } = useCaret(draft.text, (text) => change({ text }));
  const mentions = useMentions(draft.text, caret, insert);
  const isEmpty = draft.text.trim() === "";
  const save = () => {
    if (isEmpty || noting.isPending) return;
    noting.mutate({ draft, mentions: mentionedIn(draft.text, mentions.team) });
  };
  return (
    <div className={styles.composer}>
      <MentionList mentions={mentions} />
      <textarea
        ref={field}
        className={styles.text}
        aria-label={words.noteLabel}
        aria-autocomplete="list"
        aria-controls={mentions.listId}
        aria-activedescendant={mentions.activeId}
        placeholder={words.notePlaceholder}
        maxLength={4000}
        data-note
        value={draft.text}
        onChange={(event) => {
          change({ text: event.target.value });
          follow();
        }}
        onSelect={follow}
        onKeyDown={(event) => {
          if (mentions.onKeyDown(event)) return;
          if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.repeat) save();
        }}
      />
      <FormError error={noting.error} />
      <div className={styles.tools}>
        <span className={styles.count} />
        <Button kind="primary" isDisabled={isEmpty} isPending={noting.isPending} onPress={save}>
          {words.sendNote}
        </Button>
      </div>
    </div>
  );
}

/** Where the caret stands, and a way to put words there that leaves it behind them. */
function useCaret(text: string, onText: (text: string) => void) {
  const field = useRef<HTMLTextAreaElement>(null);
  const [caret, setCaret] = useState(text.length);
  const wanted = useRef<number>(undefined);
  // biome-ignore lint/correctness/useExhaustiveDependencies: when the new words stand there
  useLayoutEffect(() => {
    if (wanted.current === undefined) return;
    field.current?.setSelectionRange(wanted.current, wanted.current);
    setCaret(wanted.current);
    wanted.current = undefined;
  }, [text]);
  return {
    field,
    caret,
    follow: () => setCaret(field.current?.selectionStart ?? 0),
    insert(start: number, end: number, words: string) {
      wanted.current = start + words.length;
      onText(text.slice(0, start) + words + text.slice(end));
    },
  };
}
