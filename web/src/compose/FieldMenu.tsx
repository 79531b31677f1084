import { type KeyboardEvent, useState } from "react";
import { useWords } from "../words/words.tsx";
import styles from "./MergeTextArea.module.css";
import type { MergeField } from "./MergeTextArea.tsx";
import { begunField, insertField } from "./mergeFields.ts";

export interface OpenMenu {
  isOpen: boolean;
  start: number;
  active: number;
  found: MergeField[];
  choose: (field: MergeField) => void;
  close: () => void;
  onKeyDown: (event: KeyboardEvent) => void;
}

/** The menu at a brace: which fields fit, which is chosen, and the keys that work it. */
export function useFieldMenu(
  text: string,
  caret: number,
  fields: MergeField[],
  insert: (start: number, end: number, field: string) => void,
): OpenMenu {
  const [row, setRow] = useState(0);
  const [dismissed, setDismissed] = useState(-1);
  const begun = begunField(text, caret);
  const typed = begun?.typed.toLowerCase() ?? "";
  const found = begun === undefined ? [] : fields.filter((field) => fits(field, typed));
  const start = begun?.start ?? -1;
  const isOpen = found.length > 0 && start !== dismissed;
  const active = Math.min(row, found.length - 1);

  const choose = ({ key, fallback }: MergeField) => {
    setRow(0);
    insert(start, caret, insertField("", 0, 0, key, fallback).text);
  };
  const close = () => setDismissed(start);
  const onKeyDown = (event: KeyboardEvent) => {
    if (!isOpen) {
      if (event.key === "{") setDismissed(-1);
      return;
    }
    const chosen = found[active];
    if (event.key === "ArrowDown") setRow((active + 1) % found.length);
    else if (event.key === "ArrowUp") setRow((active + found.length - 1) % found.length);
    else if (event.key === "Escape") close();
    else if ((event.key === "Enter" || event.key === "Tab") && chosen) choose(chosen);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return { isOpen, start, active, found, choose, close, onKeyDown };
}

export function FieldMenu({ id, menu }: { id: string; menu: OpenMenu }) {
  const words = useWords().compose;
  return (
    <div id={id} role="listbox" aria-label={words.fields} className={styles.menu}>
      {menu.found.map((field, index) => (
        <div
          key={field.key}
          id={`${id}-${index}`}
          role="option"
          tabIndex={-1}
          aria-selected={index === menu.active}
          className={styles.option}
          onPointerDown={(event) => {
            event.preventDefault(); // the words keep the focus
            menu.choose(field);
          }}
        >
          <span>{field.label}</span>
          <code className={styles.code}>{field.key}</code>
        </div>
      ))}
    </div>
  );
}

function fits(field: MergeField, typed: string): boolean {
  return (
    field.key.toLowerCase().startsWith(typed) ||
    field.label.toLowerCase().replaceAll(" ", "").includes(typed)
  );
}
