import { ok } from "@koinonia/client";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type KeyboardEvent, useId, useState } from "react";
import { api } from "../api/client.ts";
import { useMay } from "../api/queries.ts";
import { fullName, nameOf, prettyPhone } from "../inbox/names.ts";
import { useEntries } from "../shell/Rail.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { Icon, type IconName } from "../ui/Icon.tsx";
import { useWords } from "../words/words.tsx";
import styles from "./Palette.module.css";

interface Goal {
  key: string;
  icon: IconName;
  name: string;
  note: string;
  go: () => void;
}

const MIN_LETTERS = 2;

/** Goes anywhere by a few letters: pages, conversations, people. */
export default function Palette({ onClose }: { onClose: () => void }) {
  const words = useWords();
  const id = useId();
  const [typed, setTyped] = useState("");
  const [active, setActive] = useState(0);
  const goals = useGoals(typed.trim());
  const index = Math.min(active, Math.max(0, goals.length - 1));
  const choose = (goal: Goal | undefined) => {
    if (goal === undefined) return;
    onClose();
    goal.go();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && goals.length > 0) {
      setActive((index + step + goals.length) % goals.length);
    } else if (event.key === "Enter") choose(goals[index]);
    else return;
    event.preventDefault();
  };
  return (
    <Dialog title={words.keys.goTo} isOpen onClose={onClose}>
      <input
        autoFocus
        className={styles.input}
        role="combobox"
        aria-expanded={goals.length > 0}
        aria-controls={id}
        aria-activedescendant={goals.length > 0 ? `${id}-${index}` : undefined}
        aria-label={words.keys.goToHint}
        placeholder={words.keys.goToHint}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={onKeyDown}
      />
      <div id={id} role="listbox" aria-label={words.keys.goTo} className={styles.list}>
        {goals.map((goal, at) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys go to the field above
          <div
            key={goal.key}
            id={`${id}-${at}`}
            role="option"
            tabIndex={-1}
            aria-selected={at === index}
            className={styles.goal}
            onClick={() => choose(goal)}
            onMouseMove={() => setActive(at)}
          >
            <Icon name={goal.icon} />
            <span className={styles.name}>{goal.name}</span>
            <span className={styles.note}>{goal.note}</span>
          </div>
        ))}
      </div>
    </Dialog>
  );
}

function useGoals(typed: string): Goal[] {
  return [...usePages(typed), ...useConversations(typed), ...usePeople(typed)];
}

function usePages(typed: string): Goal[] {
  const words = useWords();
  const navigate = useNavigate();
  const lower = typed.toLocaleLowerCase();
  return useEntries()
    .map((entry) => ({
      key: `page-${entry.id}`,
      icon: entry.icon,
      name: words.navigation.pages[entry.id],
      note: words.keys.page,
      go: () => void navigate({ to: entry.to }),
    }))
    .filter(({ name }) => name.toLocaleLowerCase().includes(lower));
}

function useConversations(typed: string): Goal[] {
  const words = useWords().keys;
  const navigate = useNavigate();
  const mayRead = useMay("conversations.read");
  const { data } = useQuery({
    queryKey: ["conversations", "find", typed],
    queryFn: ({ signal }) =>
      ok(
        api.GET("/api/conversations/search", { params: { query: { q: typed, limit: 6 } }, signal }),
      ),
    enabled: mayRead && typed.length >= MIN_LETTERS,
  });
  const found = new Map(data?.data.map(({ conversation }) => [conversation.id, conversation]));
  return [...found.values()].map((conversation) => ({
    key: `conversation-${conversation.id}`,
    icon: "message" as const,
    name: nameOf(conversation),
    note: words.conversation,
    go: () =>
      void navigate({
        to: "/inbox/{-$conversationId}",
        params: { conversationId: conversation.id },
        search: {},
      }),
  }));
}

/** Somebody of the directory: their conversation is opened, and begun where there is none. */
function usePeople(typed: string): Goal[] {
  const navigate = useNavigate();
  const mayWork = useMay("conversations.work");
  const { data } = useQuery({
    queryKey: ["members", "find", typed],
    queryFn: ({ signal }) =>
      ok(api.GET("/api/members", { params: { query: { search: typed, limit: 6 } }, signal })),
    enabled: mayWork && typed.length >= MIN_LETTERS,
  });
  const open = async (memberId: string) => {
    const { id } = await ok(api.POST("/api/conversations", { body: { memberId } }));
    await navigate({
      to: "/inbox/{-$conversationId}",
      params: { conversationId: id },
      search: {},
    });
  };
  return (data?.data ?? []).map((member) => ({
    key: `person-${member.id}`,
    icon: "person" as const,
    name: fullName(member),
    note: prettyPhone(member.phone),
    go: () => void open(member.id),
  }));
}
