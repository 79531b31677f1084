import type { ReactNode } from "react";
import styles from "./MergeTextArea.module.css";
import { pieces } from "./mergeFields.ts";
import { costlyLetters } from "./segments.ts";

/** The layer behind the words: the same text, of which only chips and marks are to be seen. */
export function Mirror(props: {
  text: string;
  /** Where the children stand, in letters from the beginning. */
  marker: number | undefined;
  children: ReactNode;
}) {
  const { text, marker } = props;
  return (
    <>
      <div className={styles.mirror} aria-hidden="true">
        {pieces(text).map((piece) =>
          piece.kind === "field" ? (
            <mark key={piece.start} className={styles.chip}>
              {piece.text}
            </mark>
          ) : (
            <Words key={piece.start} text={piece.text} />
          ),
        )}
        {/* A last empty line takes room in the field, and none in a block. */}
        {"\u200b"}
      </div>
      {marker !== undefined && (
        <div className={styles.mirror}>
          <span aria-hidden="true">{text.slice(0, marker)}</span>
          <span className={styles.anchor}>{props.children}</span>
        </div>
      )}
    </>
  );
}

/** Letters that make a text travel as Unicode are underlined. */
function Words({ text }: { text: string }) {
  const costly = new Set(costlyLetters(text));
  if (costly.size === 0) return text;
  const runs: { text: string; isCostly: boolean; start: number }[] = [];
  let start = 0;
  for (const letter of text) {
    const isCostly = costly.has(letter.normalize("NFC"));
    const last = runs.at(-1);
    if (last !== undefined && last.isCostly === isCostly) last.text += letter;
    else runs.push({ text: letter, isCostly, start });
    start += letter.length;
  }
  return runs.map((run) =>
    run.isCostly ? (
      <mark key={run.start} className={styles.costly}>
        {run.text}
      </mark>
    ) : (
      <span key={run.start}>{run.text}</span>
    ),
  );
}
