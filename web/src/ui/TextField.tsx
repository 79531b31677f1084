import { type ReactNode, useState } from "react";
import {
  TextArea as AriaTextArea,
  TextField as AriaTextField,
  Input,
  type TextFieldProps,
} from "react-aria-components";
import { useWords } from "../words/words.tsx";
import { IconButton } from "./Button.tsx";
import { FieldLabel, FieldNotes } from "./FieldParts.tsx";
import styles from "./fields.module.css";

export type FieldProps = Omit<TextFieldProps, "className" | "style" | "children"> & {
  label: string;
  hint?: ReactNode;
  placeholder?: string;
};

/** One line. `name` is the API's name of the field, so that its complaints find their place. */
export function TextField({ label, hint, placeholder, ...rest }: FieldProps) {
  return (
    <AriaTextField {...rest} className={styles.field}>
      <FieldLabel label={label} isOptional={rest.isRequired !== true} />
      <Input className={styles.control} {...(placeholder === undefined ? {} : { placeholder })} />
      <FieldNotes hint={hint} />
    </AriaTextField>
  );
}

/** Several lines; it grows with what is typed. */
export function TextArea({ label, hint, placeholder, ...rest }: FieldProps) {
  return (
    <AriaTextField {...rest} className={styles.field}>
      <FieldLabel label={label} isOptional={rest.isRequired !== true} />
      <AriaTextArea
        className={`${styles.control} ${styles.area}`}
        {...(placeholder === undefined ? {} : { placeholder })}
      />
      <FieldNotes hint={hint} />
    </AriaTextField>
  );
}

/** A password that can be looked at, which saves more sign-ins than a second field. */
export function PasswordField({ label, hint, ...rest }: FieldProps) {
  const words = useWords().signIn;
  const [isShown, setShown] = useState(false);
  return (
    <AriaTextField {...rest} type={isShown ? "text" : "password"} className={styles.field}>
      <FieldLabel label={label} isOptional={rest.isRequired !== true} />
      <div className={styles.withButton}>
        <Input className={styles.control} />
        <IconButton
          icon={isShown ? "eyeOff" : "eye"}
          label={isShown ? words.hidePassword : words.showPassword}
          onPress={() => setShown(!isShown)}
        />
      </div>
      <FieldNotes hint={hint} />
    </AriaTextField>
  );
}
