import { type KeyboardEvent, type ReactNode, useId, useRef, useState } from "react";
import { FieldError, Label, Text, TextArea, TextField } from "react-aria-components";
import fields from "../ui/fields.module.css";
import { FieldMenu, useFieldMenu } from "./FieldMenu.tsx";
import styles from "./MergeTextArea.module.css";
import { Mirror } from "./Mirror.tsx";

export interface MergeField {
  key: string;
  label: string;
  /** What those read who have no value. */
  fallback: string;
}

/**
 * A plain text field in which merge fields look like chips: a layer of the same size behind it
 * paints them, so that what is typed stays text. A brace opens the menu of fields.
 */
export function MergeTextArea(props: {
  label: string;
  name?: string;
  value: string;
  onChange: (text: string) => void;
  fields: MergeField[];
  error?: string | undefined;
  hint?: ReactNode;
  /** Buttons beneath the words; `insert` puts text at the caret. */
  tools?: (insert: (text: string) => void) => ReactNode;
  maxLength?: number;
}) {
  const area = useRef<HTMLTextAreaElement>(null);
  const listId = useId();
  const [caret, setCaret] = useState(0);
  const menu = useFieldMenu(props.value, caret, props.fields, (start, end, field) =>
    typeOver(area.current, start, end, field, props.onChange),
  );
  const follow = () => setCaret(area.current?.selectionStart ?? 0);
  return (
    <TextField
      className={fields.field}
      value={props.value}
      onChange={props.onChange}
      isInvalid={props.error !== undefined}
      validationBehavior="aria"
      {...(props.name === undefined ? {} : { name: props.name })}
    >
      <Label className={fields.label}>{props.label}</Label>
      <div className={styles.frame}>
        <Mirror text={props.value} marker={menu.isOpen ? menu.start : undefined}>
          {menu.isOpen && <FieldMenu id={listId} menu={menu} />}
        </Mirror>
        <TextArea
          ref={area}
          className={styles.area}
          maxLength={props.maxLength}
          aria-autocomplete="list"
          aria-controls={menu.isOpen ? listId : undefined}
          aria-activedescendant={menu.isOpen ? `${listId}-${menu.active}` : undefined}
          onSelect={follow}
          onBlur={menu.close}
          onKeyDown={(event: KeyboardEvent) => menu.onKeyDown(event)}
        />
      </div>
      {props.tools && (
        <div className={styles.tools}>
          {props.tools((text) => {
            const at = area.current;
            typeOver(at, at?.selectionStart ?? 0, at?.selectionEnd ?? 0, text, props.onChange);
          })}
        </div>
      )}
      {props.hint !== undefined && (
        <Text slot="description" className={fields.hint}>
          {props.hint}
        </Text>
      )}
      <FieldError className={fields.error}>{props.error}</FieldError>
    </TextField>
  );
}

/** As if it had been typed, so that the browser's undo takes it back. */
function typeOver(
  area: HTMLTextAreaElement | null,
  start: number,
  end: number,
  text: string,
  onChange: (text: string) => void,
): void {
  if (area === null) return;
  area.focus();
  area.setSelectionRange(start, end);
  if (!document.execCommand("insertText", false, text)) {
    area.setRangeText(text, start, end, "end");
    onChange(area.value);
  }
  const fallback = /\|([^{}|]+)\}\}$/.exec(text)?.[1];
  if (fallback === undefined) return;
  const last = start + text.length - 2;
  area.setSelectionRange(last - fallback.length, last); // ready to be overwritten
}
