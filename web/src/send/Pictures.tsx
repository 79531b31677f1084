import { form, ok } from "@koinonia/client";
import { useMutation } from "@tanstack/react-query";
import { useRef } from "react";
import { api } from "../api/client.ts";
import { newKey } from "../api/idempotency.ts";
import { ownPath } from "../compose/ownPath.ts";
import { IconButton } from "../ui/Button.tsx";
import { FileButton } from "../ui/FileButton.tsx";
import { Icon } from "../ui/Icon.tsx";
import { Spinner } from "../ui/Spinner.tsx";
import { useWords } from "../words/words.tsx";
import type { Attached } from "./broadcast.ts";
import styles from "./Pictures.module.css";

const ACCEPTED = ["image/jpeg", "image/png", "image/gif", "image/webp", "application/pdf"];

/** What goes with the words. Each file is uploaded when it is chosen, so that sending is quick. */
export function Pictures(props: {
  files: Attached[];
  onChange: (files: Attached[]) => void;
  /** Files that lie on other servers, as whoever uses the API may send them. */
  urls: string[];
  onUrls: (urls: string[]) => void;
}) {
  const words = useWords();
  const latest = useRef(props.files);
  latest.current = props.files;
  const upload = useMutation({
    mutationFn: (file: File) =>
      ok(
        api.POST("/api/media", {
          params: { header: { "Idempotency-Key": newKey() } },
          body: { files: [file] },
          bodySerializer: form,
        }),
      ),
    onSuccess: (file) => props.onChange([...latest.current, file]),
  });
  return (
    <div className={styles.pictures}>
      {(props.files.length + props.urls.length > 0 || upload.isPending) && (
        <ul className={styles.list} aria-label={words.send.files}>
          {props.files.map((file) => (
            <Uploaded
              key={file.id}
              file={file}
              onRemove={() => props.onChange(props.files.filter(({ id }) => id !== file.id))}
            />
          ))}
          {props.urls.map((url) => (
            <Foreign
              key={url}
              url={url}
              onRemove={() => props.onUrls(props.urls.filter((each) => each !== url))}
            />
          ))}
          {upload.isPending && (
            <li className={styles.file}>
              <Spinner /> {words.send.uploading(upload.variables.name)}
            </li>
          )}
        </ul>
      )}
      <FileButton
        label={words.compose.picture}
        accept={ACCEPTED}
        onChoose={([file]) => file && upload.mutate(file)}
      />
    </div>
  );
}

function Uploaded({ file, onRemove }: { file: Attached; onRemove: () => void }) {
  const words = useWords();
  const name = file.name === "" ? words.send.file : file.name;
  return (
    <li className={styles.file}>
      {file.contentType.startsWith("image/") ? (
        <img src={ownPath(file.url)} alt="" className={styles.thumb} />
      ) : (
        <Icon name="paperclip" />
      )}
      <span className={styles.name}>{name}</span>
      <IconButton icon="close" size="s" label={words.send.removeFile(name)} onPress={onRemove} />
    </li>
  );
}

/** A page loads nothing from other servers, so it is opened there. */
function Foreign({ url, onRemove }: { url: string; onRemove: () => void }) {
  const words = useWords().send;
  const name = new URL(url).pathname.split("/").at(-1) || url;
  return (
    <li className={styles.file}>
      <Icon name="paperclip" />
      <span className={styles.name}>
        <a href={url} target="_blank" rel="noreferrer">
          {name}
        </a>{" "}
        <small className="muted">{words.foreign(new URL(url).hostname)}</small>
      </span>
      <IconButton icon="close" size="s" label={words.removeFile(name)} onPress={onRemove} />
    </li>
  );
}
