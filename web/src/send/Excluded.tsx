import type { ExcludedCounts } from "@koinonia/client";
import { useFormat } from "../words/format.ts";
import { useWords } from "../words/words.tsx";
import styles from "./PlanPanel.module.css";

const REASONS = [
  "optedOut",
  "noConsent",
  "stopAsked",
  "ministryStopped",
  "invalid",
  "landline",
  "fatigue",
  "duplicate",
  "removed",
] as const satisfies (keyof ExcludedCounts)[];

/** Who does not get it, by reason; with `besides` only those who came to it since. */
export function Excluded(props: { counts: ExcludedCounts; besides?: ExcludedCounts }) {
  const words = useWords().send;
  const format = useFormat();
  const counts = (reason: (typeof REASONS)[number]) =>
    props.counts[reason] - (props.besides?.[reason] ?? 0);
  const given = REASONS.filter((reason) => counts(reason) > 0);
  if (given.length === 0) return null;
  return (
    <div className={styles.excluded}>
      <h3 className={styles.heading}>{props.besides ? words.excludedNow : words.excluded}</h3>
      <ul className={styles.reasons}>
        {given.map((reason) => (
          <li key={reason}>
            <span className={styles.number}>{format.number(counts(reason))}</span>
            <span>{words.reasons[reason]}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
