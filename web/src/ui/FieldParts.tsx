import { FieldError, Label, Text } from "react-aria-components";
import { useWords } from "../words/words.tsx";
import styles from "./fields.module.css";
import { Icon } from "./Icon.tsx";

/** Fields are needed unless they say otherwise, so only the others are marked. */
export function FieldLabel(props: { label: string; isOptional?: boolean | undefined }) {
  const words = useWords().common;
  return (
    <Label className={styles.label}>
      {props.label}
      {props.isOptional === true && <span className={styles.optional}>{words.optional}</span>}
    </Label>
  );
}

/** What to know before typing, and what was wrong with what was typed. */
export function FieldNotes(props: { hint?: React.ReactNode }) {
  return (
    <>
      {props.hint !== undefined && (
        <Text slot="description" className={styles.hint}>
          {props.hint}
        </Text>
      )}
      <FieldError className={styles.error}>
        {({ validationErrors }) => (
          <>
            <Icon name="alert" size="s" />
            <span>{validationErrors.join(" ")}</span>
          </>
        )}
      </FieldError>
    </>
  );
}
