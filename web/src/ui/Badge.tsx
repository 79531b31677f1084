import type { ReactNode } from "react";
import styles from "./Badge.module.css";

export type Tone = "neutral" | "accent" | "success" | "warning" | "danger" | "info";

/** A word about a state. The words say it; the colour only helps. */
export function Badge(props: { tone?: Tone; children: ReactNode }) {
  return (
    <span className={styles.badge} data-tone={props.tone ?? "neutral"}>
      {props.children}
    </span>
  );
}

/** How many; `label` says of what to a screen reader. Nothing at zero. */
export function Count(props: { value: number; label: string }) {
  if (props.value === 0) return null;
  return (
    <span className={styles.count}>
      <span aria-hidden="true">{props.value > 99 ? "99+" : props.value}</span>
      <span className="visually-hidden">{props.label}</span>
    </span>
  );
}
