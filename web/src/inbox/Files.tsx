import type { ConversationLine, LineFile } from "@koinonia/client";
import { Icon } from "../ui/Icon.tsx";
import { useWords } from "../words/words.tsx";
import styles from "./Files.module.css";

const SHOWN_PX = 280;

/** The pictures and files of a line, in their true proportions before they are here. */
export function Files({ line }: { line: ConversationLine }) {
  if (line.media.length === 0) return null;
  return (
    <ul className={styles.files}>
      {line.media.map((file) => (
        <li key={file.id}>
          <OneFile file={file} />
        </li>
      ))}
    </ul>
  );
}

function OneFile({ file }: { file: LineFile }) {
  const words = useWords().thread;
  if (file.status === "pending") return <p className={styles.note}>{words.filePending}</p>;
  if (file.status === "refused") {
    return <p className={styles.note}>{file.failure ?? words.fileRefused}</p>;
  }
  if (file.url === null) return <p className={styles.note}>{words.fileGone}</p>;
  const type = file.contentType ?? "";
  if (type.startsWith("image/")) return <Picture file={file} url={file.url} />;
  if (type.startsWith("audio/")) {
    // biome-ignore lint/a11y/useMediaCaption: what people record comes without captions
    return <audio controls preload="none" src={file.url} className={styles.audio} />;
  }
  return (
    <a className={styles.file} href={file.url} target="_blank" rel="noreferrer">
      <Icon name="paperclip" size="s" />
      {file.name ?? type}
    </a>
  );
}

function Picture({ file, url }: { file: LineFile; url: string }) {
  const words = useWords().thread;
  const width = file.width ?? SHOWN_PX;
  const height = file.height ?? SHOWN_PX;
  const scale = Math.min(1, SHOWN_PX / width, SHOWN_PX / height);
  return (
    <a href={url} target="_blank" rel="noreferrer" className={styles.picture}>
      <img
        src={url}
        alt={file.name === null ? words.pictureFrom : words.picture(file.name)}
        width={Math.round(width * scale)}
        height={Math.round(height * scale)}
        loading="lazy"
      />
    </a>
  );
}
