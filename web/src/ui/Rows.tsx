import type { ReactNode } from "react";
import styles from "./Rows.module.css";

/** A short list, each row with what can be done with it. */
export function Rows(props: { label: string; children: ReactNode }) {
  return (
    <ul className={styles.rows} aria-label={props.label}>
      {props.children}
    </ul>
  );
}

export function Row(props: {
  title: ReactNode;
  note?: ReactNode;
  /** Stands before the title: an avatar, a colour. */
  lead?: ReactNode;
  badges?: ReactNode;
  actions?: ReactNode;
}) {
  return (
    <li className={styles.row}>
      {props.lead}
      <div className={styles.words}>
        <div className={styles.title}>
          {props.title}
          {props.badges}
        </div>
        {props.note !== undefined && <div className={styles.note}>{props.note}</div>}
      </div>
      {props.actions !== undefined && <div className={styles.actions}>{props.actions}</div>}
    </li>
  );
}

/** Names and values, one under the other. */
export function Facts(props: { children: ReactNode }) {
  return <dl className={styles.facts}>{props.children}</dl>;
}

export function Fact(props: { name: string; children: ReactNode }) {
  return (
    <div className={styles.fact}>
      <dt>{props.name}</dt>
      <dd>{props.children}</dd>
    </div>
  );
}
