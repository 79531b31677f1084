import { requestIdOf, sentence } from "../api/errors.ts";
import { useWords } from "../words/words.tsx";
import { Button, IconButton } from "./Button.tsx";
import { Icon } from "./Icon.tsx";
import styles from "./ToastRegion.module.css";
import { dismiss, type Toast, useToasts } from "./toasts.ts";

/** The one live region of the page. */
export function ToastRegion() {
  const toasts = useToasts();
  return (
    <div className={styles.region} role="status" aria-live="polite">
      {toasts.map((toast) => (
        <Shown key={toast.id} toast={toast} />
      ))}
    </div>
  );
}

function Shown({ toast }: { toast: Toast }) {
  const words = useWords();
  const id = requestIdOf(toast.error);
  const { action } = toast;
  return (
    <div className={styles.toast} data-kind={toast.kind}>
      <Icon name={toast.kind === "done" ? "check" : "alert"} />
      <p className={styles.text}>
        {toast.text ?? sentence(toast.error, words)}
        {id !== undefined && <small className={styles.id}>{words.common.requestId(id)}</small>}
      </p>
      {action && (
        <Button
          kind="quiet"
          size="s"
          onPress={() => {
            dismiss(toast.id);
            action.run();
          }}
        >
          {action.label}
        </Button>
      )}
      <IconButton
        icon="close"
        size="s"
        label={words.common.dismiss}
        onPress={() => dismiss(toast.id)}
      />
    </div>
  );
}
