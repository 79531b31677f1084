import type { ReactNode } from "react";
import {
  ComboBox as AriaComboBox,
  Button,
  Input,
  ListBox,
  ListBoxItem,
  Popover,
} from "react-aria-components";
import { useWords } from "../words/words.tsx";
import { FieldLabel, FieldNotes } from "./FieldParts.tsx";
import fields from "./fields.module.css";
import { Icon } from "./Icon.tsx";
import styles from "./menus.module.css";
import type { Choice } from "./Select.tsx";

/** One of many, found by typing. Up to about a thousand choices. */
export function ComboBox<Id extends string>(props: {
  label: string;
  hint?: ReactNode;
  name?: string;
  choices: Choice<Id>[];
  value: Id | null;
  onChange: (id: Id) => void;
  isOptional?: boolean;
}) {
  const words = useWords().common;
  return (
    <AriaComboBox
      className={fields.field}
      {...(props.name === undefined ? {} : { name: props.name })}
      defaultItems={props.choices}
      selectedKey={props.value}
      menuTrigger="focus"
      onSelectionChange={(key) => {
        const chosen = props.choices.find((choice) => choice.id === key);
        if (chosen) props.onChange(chosen.id);
      }}
    >
      <FieldLabel label={props.label} isOptional={props.isOptional} />
      <div className={fields.withButton}>
        <Input className={fields.control} onFocus={(event) => event.target.select()} />
        <Button className={styles.open} aria-label={words.choose}>
          <Icon name="chevronDown" size="s" />
        </Button>
      </div>
      <FieldNotes hint={props.hint} />
      <Popover className={styles.popover}>
        <ListBox<Choice<Id>>
          className={styles.list}
          renderEmptyState={() => <p className={styles.heading}>{words.noMatches}</p>}
        >
          {(choice) => (
            <ListBoxItem id={choice.id} textValue={choice.name} className={styles.item}>
              <span className={styles.name}>{choice.name}</span>
              {choice.note !== undefined && <span className={styles.note}>{choice.note}</span>}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </AriaComboBox>
  );
}
