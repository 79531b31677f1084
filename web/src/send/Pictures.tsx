import { form, ok } from "@koinonia/client";
import { useMutation } from "@tanstack/react-query";
import { useRef } from "react";
import { api } from "../api/client.ts";
import { newKey } from "../api/idempotency.ts";
import { IconButton } from "../ui/Button.tsx";
import { FileButton } from "../ui/FileButton.tsx";
import { Icon } from "../ui/Icon.tsx";
import { Spinner } from "../ui/Spinner.tsx";
import { useWords } from "../words/words.tsx";
import type { Attached } from "./broadcast.ts";
import styles from "./Pictures.module.css";

const ACCEPTED = ["image/jpeg", "image/png", "image/gif", "image/webp", "application/pdf"];

/** What goes with the words. Each file is uploaded when it is chosen, so that sending is quick. */
export function Pictures(props: { files: Attached[]; onChange: (files: Attached[]) => void }) {
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
      {(props.files.length > 0 || upload.isPending) && (
        <ul className={styles.list} aria-label={words.send.files}>
          {props.files.map((file) => (
            <li key={file.id} className={styles.file}>
              {file.contentType.startsWith("image/") ? (
                <img src={file.url} alt="" className={styles.thumb} />
              ) : (
                <Icon name="paperclip" />
              )}
              <span className={styles.name}>{file.name}</span>
              <IconButton
                icon="close"
                size="s"
                label={words.send.removeFile(file.name)}
                onPress={() => props.onChange(props.files.filter(({ id }) => id !== file.id))}
              />
            </li>
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
