import type { Draft } from "../compose/drafts.ts";
import { IconButton } from "../ui/Button.tsx";
import { Icon } from "../ui/Icon.tsx";
import { useWords } from "../words/words.tsx";
import styles from "./Reply.module.css";

/** What goes with the text. */
export function DraftFiles(props: {
  files: NonNullable<Draft["files"]>;
  onRemove: (id: string) => void;
}) {
  const words = useWords().reply;
  if (props.files.length === 0) return null;
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
          <IconButton
            icon="close"
            size="s"
            label={words.detach(file.name)}
            onPress={() => props.onRemove(file.id)}
          />
        </li>
      ))}
    </ul>
  );
}
