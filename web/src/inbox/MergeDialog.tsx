import type { Conversation } from "@koinonia/client";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Avatar } from "../ui/Avatar.tsx";
import { Button } from "../ui/Button.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { SearchField } from "../ui/SearchField.tsx";
import { FormError } from "../ui/States.tsx";
import { showDone } from "../ui/toasts.ts";
import { useWords } from "../words/words.tsx";
import { useConversationChange } from "./changes.ts";
import styles from "./NewConversation.module.css";
import { nameOf, prettyPhone } from "./names.ts";
import { itemsOf } from "./pages.ts";
import { searchQuery } from "./queries.ts";

/** For a person who changed phone: what the other conversation has moves into this one. */
export default function MergeDialog(props: { conversation: Conversation; onClose: () => void }) {
  const { conversation } = props;
  const words = useWords();
  const [typed, setTyped] = useState("");
  const [fromId, setFromId] = useState<string>();
  const change = useConversationChange(conversation.id);
  const search = useInfiniteQuery(searchQuery(typed.trim()));
  const found = itemsOf(search.data);
  const others = new Map(
    found
      .filter((each) => each.conversation.id !== conversation.id)
      .map((each) => [each.conversation.id, each.conversation]),
  );
  const merge = () => {
    if (fromId === undefined) return;
    change.mutate(
      { kind: "merge", fromId },
      {
        onSuccess() {
          showDone(words.merge.done);
          props.onClose();
        },
      },
    );
  };
  return (
    <Dialog
      title={words.merge.title}
      isOpen
      onClose={props.onClose}
      actions={
        <Button
          kind="primary"
          isDisabled={fromId === undefined}
          isPending={change.isPending}
          onPress={merge}
        >
          {words.merge.action}
        </Button>
      }
    >
      <p>{words.merge.lead(nameOf(conversation))}</p>
      <SearchField label={words.inbox.search} value={typed} onChange={setTyped} autoFocus />
      <ul className={styles.list} aria-label={words.inbox.list}>
        {[...others.values()].slice(0, 8).map((each) => (
          <li key={each.id}>
            <button
              type="button"
              className={styles.person}
              aria-pressed={each.id === fromId}
              onClick={() => setFromId(each.id)}
            >
              <Avatar name={nameOf(each)} size="s" />
              <span>{nameOf(each)}</span>
              <span className={styles.phone}>{prettyPhone(each.phone)}</span>
            </button>
          </li>
        ))}
      </ul>
      <FormError error={search.error} />
    </Dialog>
  );
}
