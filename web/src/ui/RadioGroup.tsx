import type { ReactNode } from "react";
import { RadioGroup as AriaRadioGroup, Label, Radio } from "react-aria-components";
import { FieldNotes } from "./FieldParts.tsx";
import fields from "./fields.module.css";
import styles from "./RadioGroup.module.css";
import type { Choice } from "./Select.tsx";

/** One of two to five, all of them to be seen, each with what it means. */
export function RadioGroup<Id extends string>(props: {
  label: string;
  name?: string;
  hint?: ReactNode;
  choices: Choice<Id>[];
  value: Id | null;
  onChange: (id: Id) => void;
  isDisabled?: boolean;
}) {
  return (
    <AriaRadioGroup
      className={fields.field}
      {...(props.name === undefined ? {} : { name: props.name })}
      isDisabled={props.isDisabled === true}
      value={props.value}
      onChange={(id) => {
        const chosen = props.choices.find((choice) => choice.id === id);
        if (chosen) props.onChange(chosen.id);
      }}
    >
      <Label className={fields.label}>{props.label}</Label>
      <div className={styles.radios}>
        {props.choices.map((choice) => (
          <Radio key={choice.id} value={choice.id} className={styles.radio}>
            <span className={styles.dot} />
            <span>
              {choice.name}
              {choice.note !== undefined && <span className={styles.note}>{choice.note}</span>}
            </span>
          </Radio>
        ))}
      </div>
      <FieldNotes hint={props.hint} />
    </AriaRadioGroup>
  );
}
