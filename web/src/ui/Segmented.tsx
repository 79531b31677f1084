import { ToggleButton, ToggleButtonGroup } from "react-aria-components";
import styles from "./Segmented.module.css";
import type { Choice } from "./Select.tsx";

/** One of a few, side by side; what it opens stands beneath. */
export function Segmented<Id extends string>(props: {
  label: string;
  choices: Choice<Id>[];
  value: Id | null;
  onChange: (id: Id) => void;
}) {
  return (
    <ToggleButtonGroup
      aria-label={props.label}
      className={styles.group}
      disallowEmptySelection={props.value !== null}
      selectedKeys={props.value === null ? [] : [props.value]}
      onSelectionChange={(keys) => {
        const chosen = props.choices.find(({ id }) => keys.has(id));
        if (chosen) props.onChange(chosen.id);
      }}
    >
      {props.choices.map(({ id, name }) => (
        <ToggleButton key={id} id={id} className={styles.choice}>
          {name}
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  );
}
