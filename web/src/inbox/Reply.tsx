import type { Conversation } from "@koinonia/client";
import { useState } from "react";
import { useMe } from "../api/queries.ts";
import { draftName } from "../compose/drafts.ts";
import { Notice } from "../ui/States.tsx";
import { useWords } from "../words/words.tsx";
import { NoteComposer } from "./NoteComposer.tsx";
import type { Entry } from "./queries.ts";
import styles from "./Reply.module.css";
import { TextComposer } from "./TextComposer.tsx";

type Mode = "reply" | "note";

/**
 * What one says next: a text to the person, or a note for the team. Each has its own draft, under
 * this conversation and this admin, and is mounted anew for another one.
 */
export function Reply(props: { conversation: Conversation; entries: Entry[] }) {
  const { conversation } = props;
  const words = useWords().reply;
  const { church, admin } = useMe();
  const [mode, setMode] = useState<Mode>("reply");
  const place = {
    churchId: church.id,
    adminId: admin.id,
    kind: mode,
    id: conversation.id,
  };
  return (
    <div className={styles.reply} data-mode={mode}>
      <fieldset className={styles.modes} aria-label={words.mode}>
        {(["reply", "note"] as const).map((each) => (
          <button
            key={each}
            type="button"
            aria-pressed={mode === each}
            data-mode-of={each}
            className={styles.mode}
            onClick={() => setMode(each)}
          >
            {words.modes[each]}
          </button>
        ))}
      </fieldset>
      {mode === "note" ? (
        <NoteComposer key={draftName(place)} place={place} conversation={conversation} />
      ) : conversation.optedOut ? (
        <Notice tone="danger">{words.optedOut}</Notice>
      ) : (
        <TextComposer key={draftName(place)} place={place} {...props} />
      )}
    </div>
  );
}
