import styles from "./LabelChip.module.css";

/** The church chose the colour, so only a dot has it and the word keeps its contrast. */
export function LabelChip({ label }: { label: { name: string; colour: string } }) {
  return (
    <span className={styles.chip}>
      <span className={styles.dot} style={{ backgroundColor: label.colour }} />
      {label.name}
    </span>
  );
}
