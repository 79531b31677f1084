import { Meter as AriaMeter, ProgressBar } from "react-aria-components";
import styles from "./Meter.module.css";

/** How much of a whole: `value` of `max`; `valueText` says it in words. */
export function Meter(props: {
  label: string;
  value: number;
  max: number;
  valueText: string;
  tone?: "accent" | "warning" | "danger";
}) {
  return (
    <AriaMeter
      aria-label={props.label}
      value={props.value}
      maxValue={props.max}
      valueLabel={props.valueText}
      className={styles.meter}
      data-tone={props.tone ?? "accent"}
    >
      {({ percentage }) => <Bar percentage={percentage} />}
    </AriaMeter>
  );
}

/** Something that is under way; without `value` nobody knows how long it takes. */
export function Progress(props: { label: string; value?: number; max?: number }) {
  return (
    <ProgressBar
      aria-label={props.label}
      value={props.value ?? 0}
      maxValue={props.max ?? 1}
      isIndeterminate={props.value === undefined}
      className={styles.meter}
      data-endless={props.value === undefined}
    >
      {({ percentage }) => <Bar percentage={percentage ?? 100} />}
    </ProgressBar>
  );
}

function Bar({ percentage }: { percentage: number }) {
  return <div className={styles.bar} style={{ inlineSize: `${percentage}%` }} />;
}
