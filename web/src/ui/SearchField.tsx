import { useRef } from "react";
import { useWords } from "../words/words.tsx";
import styles from "./fields.module.css";
import { Icon } from "./Icon.tsx";

interface Props {
  /** Its name, which stands in it while it is empty. */
  label: string;
  value: string;
  onChange: (value: string) => void;
  maxLength?: number;
  autoFocus?: boolean;
}

/** Escape empties it, and the key `/` finds it by `data-search`. */
export function SearchField(props: Props) {
  const words = useWords().common;
  const field = useRef<HTMLInputElement>(null);
  const clear = () => {
    props.onChange("");
    field.current?.focus();
  };
  return (
    <search className={styles.search}>
      <Icon name="search" />
      <input
        ref={field}
        type="search"
        className={styles.control}
        aria-label={props.label}
        placeholder={props.label}
        autoComplete="off"
        maxLength={props.maxLength}
        // biome-ignore lint/a11y/noAutofocus: for dialogs that are opened to search
        autoFocus={props.autoFocus}
        data-search
        value={props.value}
        onChange={(event) => props.onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== "Escape" || props.value === "") return;
          event.stopPropagation(); // the first Escape empties it, the next closes what is around
          props.onChange("");
        }}
      />
      {props.value !== "" && (
        <button type="button" className={styles.clear} aria-label={words.clear} onClick={clear}>
          <Icon name="close" size="s" />
        </button>
      )}
    </search>
  );
}
