import type { Enrolment } from "@koinonia/client";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { Button } from "../ui/Button.tsx";
import { Form } from "../ui/Form.tsx";
import { Notice } from "../ui/States.tsx";
import { showDone } from "../ui/toasts.ts";
import { useWords } from "../words/words.tsx";
import styles from "./Enrolment.module.css";
import { CodeField } from "./SecondStep.tsx";

/** The picture for the app, and the first code of it. */
export function EnrolmentForm(props: {
  begun: Enrolment;
  confirm: (code: string) => Promise<void>;
  onBack: () => void;
}) {
  const words = useWords();
  const { secret, picture } = props.begun;
  const [code, setCode] = useState("");
  const confirming = useMutation({
    mutationFn: () => props.confirm(code),
    meta: { isShown: true },
  });
  return (
    <Form
      error={confirming.error}
      onSubmit={() => confirming.mutate()}
      actions={
        <>
          <Button kind="quiet" onPress={props.onBack}>
            {words.common.cancel}
          </Button>
          <Button type="submit" kind="primary" isPending={confirming.isPending}>
            {words.secondFactor.turnOn}
          </Button>
        </>
      }
    >
      <p>{words.secondFactor.scan}</p>
      <Picture {...picture} label={words.secondFactor.picture} />
      <p className="muted">
        {words.secondFactor.orType} <code className={styles.secret}>{secret}</code>
      </p>
      <CodeField value={code} onChange={setCode} hint={words.secondFactor.firstCode} />
    </Form>
  );
}

/** Dark on white in both themes: apps read it so. */
function Picture(props: { size: number; path: string; label: string }) {
  return (
    <svg
      className={styles.picture}
      role="img"
      aria-label={props.label}
      viewBox={`0 0 ${props.size} ${props.size}`}
      shapeRendering="crispEdges"
    >
      <path d={props.path} />
    </svg>
  );
}

/** Shown once: they go on when they kept them. */
export function RecoveryCodes(props: { codes: string[]; onKept: () => void }) {
  const words = useWords().secondFactor;
  const copy = async () => {
    await navigator.clipboard.writeText(props.codes.join("\n"));
    showDone(words.copied);
  };
  return (
    <div className={styles.codes}>
      <Notice tone="success">{words.isOn}</Notice>
      <p>{words.recoveryWhy}</p>
      <ul aria-label={words.recoveryCodes} className={styles.list}>
        {props.codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
      <div className={styles.actions}>
        <Button onPress={() => void copy()}>{words.copy}</Button>
        <Button kind="primary" onPress={props.onKept}>
          {words.kept}
        </Button>
      </div>
    </div>
  );
}
