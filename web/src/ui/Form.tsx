import type { FormEvent, ReactNode } from "react";
import { Form as AriaForm } from "react-aria-components";
import { fieldErrors } from "../api/errors.ts";
import styles from "./Form.module.css";
import { FormError } from "./States.tsx";

/**
 * Fields and what the API said about them. Complaints go to the field of the same `name`; the
 * sentence as a whole stands above the buttons. Enter sends it.
 */
export function Form(props: {
  onSubmit: () => void;
  error?: unknown;
  actions: ReactNode;
  children?: ReactNode;
}) {
  return (
    <AriaForm
      className={styles.form}
      validationErrors={fieldErrors(props.error)}
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        props.onSubmit();
      }}
    >
      {props.children}
      <FormError error={props.error} />
      <div className={styles.actions}>{props.actions}</div>
    </AriaForm>
  );
}

/** Fields side by side where there is room. */
export function FieldRow(props: { children: ReactNode }) {
  return <div className={styles.row}>{props.children}</div>;
}
