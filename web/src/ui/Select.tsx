import type { ReactNode } from "react";
import {
  Select as AriaSelect,
  Button,
  ListBox,
  ListBoxItem,
  Popover,
  type SelectProps,
  SelectValue,
} from "react-aria-components";
import { FieldLabel, FieldNotes } from "./FieldParts.tsx";
import fields from "./fields.module.css";
import { Icon } from "./Icon.tsx";
import styles from "./menus.module.css";

export interface Choice<Id extends string = string> {
  id: Id;
  name: string;
  /** A second, quieter line. */
  note?: string;
}

type Props<Id extends string> = Omit<
  SelectProps<Choice<Id>>,
  | "className"
  | "style"
  | "children"
  | "onSelectionChange"
  | "onChange"
  | "selectedKey"
  | "value"
  | "defaultValue"
> & {
  label: string;
  hint?: ReactNode;
  choices: Choice<Id>[];
  value: Id | null;
  onChange: (id: Id) => void;
};

/** One of a few. For hundreds of choices use a combobox, for two a switch. */
export function Select<Id extends string>(props: Props<Id>) {
  const { label, hint, choices, value, onChange, ...rest } = props;
  return (
    <AriaSelect
      {...rest}
      className={fields.field}
      value={value}
      onChange={(key) => {
        const chosen = choices.find((choice) => choice.id === key);
        if (chosen) onChange(chosen.id);
      }}
    >
      <FieldLabel label={label} isOptional={false} />
      <Button className={`${fields.control} ${styles.select}`}>
        <SelectValue className={styles.value} />
        <Icon name="chevronDown" size="s" />
      </Button>
      <FieldNotes hint={hint} />
      <Popover className={styles.popover}>
        <ListBox className={styles.list} items={choices}>
          {(choice) => (
            <ListBoxItem id={choice.id} textValue={choice.name} className={styles.item}>
              <span className={styles.name}>{choice.name}</span>
              {choice.note !== undefined && <span className={styles.note}>{choice.note}</span>}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </AriaSelect>
  );
}
