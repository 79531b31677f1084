import type { CannedReply } from "@koinonia/client";
import { useQuery } from "@tanstack/react-query";
import { type KeyboardEvent, useId, useState } from "react";
import { useWords } from "../words/words.tsx";
import { cannedQuery } from "./queries.ts";
import styles from "./Reply.module.css";

const CALL = /^\/([A-Za-z0-9_-]{0,32})$/;

export interface Canned {
  isOpen: boolean;
  isLoaded: boolean;
  options: CannedReply[];
  active: number;
  listId: string | undefined;
  activeId: string | undefined;
  choose: (reply: CannedReply) => void;
  /** Whether the key was meant for the list. */
  onKeyDown: (event: KeyboardEvent) => boolean;
}

/** A text that is `/` and the beginning of a shortcut asks for the canned replies of that name. */
export function useCanned(text: string, onText: (text: string) => void): Canned {
  const id = useId();
  const [closedFor, setClosedFor] = useState<string>();
  const [active, setActive] = useState(0);
  const called = CALL.exec(text)?.[1];
  const isOpen = called !== undefined && closedFor !== text;
  const { data } = useQuery({ ...cannedQuery(called ?? ""), enabled: isOpen });
  const options = isOpen ? (data?.data ?? []) : [];
  const index = Math.min(active, Math.max(0, options.length - 1));
  const choose = (reply: CannedReply) => onText(reply.content);

  const onKeyDown = (event: KeyboardEvent): boolean => {
    if (!isOpen) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const chosen = options[index];
    if (event.key === "Escape") setClosedFor(text);
    else if (step !== undefined && options.length > 0) {
      setActive((index + step + options.length) % options.length);
    } else if ((event.key === "Enter" || event.key === "Tab") && chosen) choose(chosen);
    else return false;
    event.preventDefault();
    return true;
  };
  return {
    isOpen,
    isLoaded: data !== undefined,
    options,
    active: index,
    listId: isOpen ? id : undefined,
    activeId: options[index] && `${id}-${index}`,
    choose,
    onKeyDown,
  };
}

export function CannedReplies({ canned }: { canned: Canned }) {
  const words = useWords().reply;
  if (!canned.isOpen) return null;
  return (
    <div id={canned.listId} role="listbox" aria-label={words.canned} className={styles.canned}>
      {canned.options.map((reply, index) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the keys go to the text field
        <div
          key={reply.id}
          id={`${canned.listId}-${index}`}
          role="option"
          tabIndex={-1}
          aria-selected={index === canned.active}
          className={styles.option}
          onClick={() => canned.choose(reply)}
        >
          <span className={styles.shortcut}>/{reply.shortcut}</span>
          <span className={styles.preview}>{reply.content}</span>
        </div>
      ))}
      {canned.isLoaded && canned.options.length === 0 && (
        <p className={styles.none}>{words.noCanned}</p>
      )}
    </div>
  );
}
