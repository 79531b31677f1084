import type { ReactNode } from "react";
import { isMissing, requestIdOf, sentence } from "../api/errors.ts";
import { useWords } from "../words/words.tsx";
import { Button } from "./Button.tsx";
import { Icon, type IconName } from "./Icon.tsx";
import styles from "./States.module.css";

/** Nothing here yet: why, and the one thing to do about it. */
export function EmptyState(props: {
  icon?: IconName;
  title: string;
  children?: ReactNode;
  action?: ReactNode;
}) {
  return (
    <div className={styles.state}>
      {props.icon && <Icon name={props.icon} size="l" />}
      <h2 className={styles.title}>{props.title}</h2>
      {props.children !== undefined && <p className={styles.text}>{props.children}</p>}
      {props.action}
    </div>
  );
}

/** It could not be shown: what to do, what support asks for, and another try. */
export function ErrorState(props: { error: unknown; onRetry?: () => void }) {
  const words = useWords();
  const id = requestIdOf(props.error);
  return (
    <div className={styles.state} role="alert">
      <Icon name="alert" size="l" />
      <h2 className={styles.title}>
        {isMissing(props.error) ? words.common.missing : words.common.failed}
      </h2>
      <p className={styles.text}>{sentence(props.error, words)}</p>
      {id !== undefined && !isMissing(props.error) && (
        <p className={styles.id}>{words.common.requestId(id)}</p>
      )}
      {props.onRetry && !isMissing(props.error) && (
        <Button icon="refresh" onPress={props.onRetry}>
          {words.common.retry}
        </Button>
      )}
    </div>
  );
}

/** A sentence that stands out on a page: what to know, or what to do first. */
export function Notice(props: {
  tone?: "info" | "warning" | "danger" | "success";
  children: ReactNode;
  action?: ReactNode;
}) {
  const tone = props.tone ?? "info";
  return (
    <div className={styles.notice} data-tone={tone}>
      <Icon name={tone === "info" ? "info" : tone === "success" ? "check" : "alert"} />
      <div className={styles.noticeText}>{props.children}</div>
      {props.action}
    </div>
  );
}

/** What is wrong with a form as a whole, above its buttons. */
export function FormError(props: { error: unknown }) {
  const words = useWords();
  if (props.error === null || props.error === undefined) return null;
  return (
    <div role="alert">
      <Notice tone="danger">{sentence(props.error, words)}</Notice>
    </div>
  );
}
