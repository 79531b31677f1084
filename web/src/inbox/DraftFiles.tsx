import { sentence } from "../api/errors.ts";
import type { Draft } from "../compose/drafts.ts";
import { Button, IconButton } from "../ui/Button.tsx";
import { Icon } from "../ui/Icon.tsx";
import { useWords } from "../words/words.tsx";
import type { FailedFile } from "./attaching.ts";
import styles from "./Reply.module.css";

/** What goes with the text, and what could not be added to it. */
export function DraftFiles(props: {
  files: NonNullable<Draft["files"]>;
  failed: FailedFile[];
  onRemove: (id: string) => void;
  onRetry: (files: File[]) => void;
}) {
  const words = useWords();
  const remove = (id: string, name: string) => (
    <IconButton
      icon="close"
      size="s"
      label={words.reply.detach(name)}
      onPress={() => props.onRemove(id)}
    />
  );
  if (props.files.length + props.failed.length === 0) return null;
  return (
    <ul className={styles.files}>
      {props.files.map((file) => (
        <li key={file.id} className={styles.file}>
          {file.contentType.startsWith("image/") ? (
            <img src={file.url} alt="" />
          ) : (
            <Icon name="paperclip" size="s" />
          )}
          <span className={styles.fileName}>{file.name}</span>
          {remove(file.id, file.name)}
        </li>
      ))}
      {props.failed.map(({ id, file, error }) => (
        <li key={id} className={styles.file} data-failed role="alert">
          <Icon name="alert" size="s" />
          <span>
            <strong>{words.reply.notAttached(file.name)}</strong> {sentence(error, words)}
          </span>
          <Button size="s" kind="quiet" onPress={() => props.onRetry([file])}>
            {words.common.retry}
          </Button>
          {remove(id, file.name)}
        </li>
      ))}
    </ul>
  );
}
