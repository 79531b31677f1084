import { type KeyboardEvent, useEffect, useId, useState } from "react";
import { Dialog } from "../ui/Dialog.tsx";
import { Icon } from "../ui/Icon.tsx";
import { useWords } from "../words/words.tsx";
import { type Goal, useGoals } from "./goals.ts";
import styles from "./Palette.module.css";

/** Goes anywhere by a few letters: pages, conversations, people, groups, templates, keywords. */
export default function Palette({ onClose }: { onClose: () => void }) {
  const words = useWords();
  const id = useId();
  const [typed, setTyped] = useState("");
  const [active, setActive] = useState(0);
  const goals = useGoals(typed.trim());
  const index = Math.min(active, Math.max(0, goals.length - 1));
  useEffect(() => {
    document.getElementById(`${id}-${index}`)?.scrollIntoView({ block: "nearest" });
  }, [id, index]);
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
        onChange={(event) => {
          setTyped(event.target.value);
          setActive(0);
        }}
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
        {goals.length === 0 && <p className={styles.nothing}>{words.keys.nothingFound}</p>}
      </div>
    </Dialog>
  );
}
