import type { Conversation } from "@koinonia/client";
import type { DraftPlace } from "../compose/drafts.ts";
import { useDraft } from "../compose/useDraft.ts";
import { Button } from "../ui/Button.tsx";
import { FormError } from "../ui/States.tsx";
import { useWords } from "../words/words.tsx";
import styles from "./Reply.module.css";
import { useNoting } from "./sending.ts";

/** A note for the team; nobody else sees it. */
export function NoteComposer(props: { place: DraftPlace; conversation: Conversation }) {
  const words = useWords().reply;
  const { draft, change, clear } = useDraft(props.place);
  const noting = useNoting(props.conversation, clear);
  const isEmpty = draft.text.trim() === "";
  const save = () => {
    if (!isEmpty && !noting.isPending) noting.mutate(draft);
  };
  return (
    <div className={styles.composer}>
      <textarea
        className={styles.text}
        aria-label={words.noteLabel}
        placeholder={words.notePlaceholder}
        maxLength={4000}
        data-note
        value={draft.text}
        onChange={(event) => change({ text: event.target.value })}
        onKeyDown={(event) => {
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
