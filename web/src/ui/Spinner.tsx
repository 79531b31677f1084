import { useWords } from "../words/words.tsx";
import styles from "./Spinner.module.css";

export function Spinner() {
  return <span className={styles.spinner} data-turns aria-hidden="true" />;
}

/** Grey lines in the place of what is being fetched; `lines` as many as will come, about. */
export function Skeleton(props: { lines?: number }) {
  const words = useWords().common;
  const lines = Array.from({ length: props.lines ?? 4 }, (_, index) => `line-${index}`);
  return (
    <div className={styles.skeleton} role="status">
      <span className="visually-hidden">{words.loading}</span>
      {lines.map((line) => (
        <span key={line} className={styles.line} />
      ))}
    </div>
  );
}
