import type { Highlight } from "@koinonia/client";
import styles from "./ListPage.module.css";

/** A text in which the words of a search are marked. */
export function Highlighted({ text, places }: { text: string; places: Highlight[] }) {
  if (places.length === 0) return text;
  const ends = [0, ...places.map(({ end }) => end)];
  return (
    <>
      {places.map(({ start, end }, index) => (
        <span key={start}>
          {text.slice(ends[index], start)}
          <mark className={styles.found}>{text.slice(start, end)}</mark>
        </span>
      ))}
      {text.slice(ends.at(-1))}
    </>
  );
}
