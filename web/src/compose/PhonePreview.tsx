import { useState } from "react";
import { IconButton } from "../ui/Button.tsx";
import { useWords } from "../words/words.tsx";
import { ownPath } from "./ownPath.ts";
import styles from "./PhonePreview.module.css";

export interface Sample {
  content: string;
  parts: number;
}

/** The text as somebody gets it, in the frame of a phone; a few of them in turn. */
export function PhonePreview(props: {
  from: string;
  samples: Sample[];
  pictures?: { id: string; url: string; name: string; isImage: boolean }[];
}) {
  const words = useWords().compose;
  const [chosen, setChosen] = useState(0);
  const count = props.samples.length;
  const at = Math.min(chosen, Math.max(count - 1, 0));
  const sample = props.samples[at];
  return (
    <figure className={styles.figure}>
      <div className={styles.phone}>
        <p className={styles.from}>{props.from}</p>
        <div className={styles.screen}>
          {props.pictures?.map((file) =>
            file.isImage ? (
              <img
                key={file.id}
                src={ownPath(file.url)}
                alt={file.name}
                className={styles.picture}
              />
            ) : (
              <p key={file.id} className={styles.file}>
                {file.name}
              </p>
            ),
          )}
          {sample !== undefined && sample.content !== "" && (
            <p className={styles.bubble}>{sample.content}</p>
          )}
        </div>
      </div>
      {count > 1 && (
        <figcaption className={styles.turn}>
          <IconButton
            icon="chevronLeft"
            size="s"
            label={words.sampleBefore}
            isDisabled={at === 0}
            onPress={() => setChosen(at - 1)}
          />
          <span>{words.sample(at + 1, count, sample?.parts ?? 0)}</span>
          <IconButton
            icon="chevronRight"
            size="s"
            label={words.sampleNext}
            isDisabled={at === count - 1}
            onPress={() => setChosen(at + 1)}
          />
        </figcaption>
      )}
    </figure>
  );
}
