import type { MessageDetail } from "@koinonia/client";
import { useFormat } from "../words/format.ts";
import { useWords } from "../words/words.tsx";
import styles from "./Funnel.module.css";
import { accepted } from "./queries.ts";

const COUNTS = [
  "delivered",
  "sent",
  "unconfirmed",
  "failed",
  "skipped",
  "sending",
  "pending",
] as const;

/** From whom it was meant for to whom it reached: four bars, and every figure behind them. */
export function Funnel({ message }: { message: MessageDetail }) {
  const words = useWords().messages;
  const format = useFormat();
  const { counts, excluded, totalRecipients } = message;
  const left = Object.values(excluded).reduce((sum, count) => sum + count, 0);
  const people = totalRecipients + left;
  const steps = [
    { id: "people", value: people },
    { id: "phones", value: totalRecipients },
    { id: "accepted", value: accepted(message) },
    { id: "delivered", value: counts.delivered },
  ] as const;
  return (
    <div className={styles.funnel}>
      <ol className={styles.steps}>
        {steps.map(({ id, value }) => (
          <li key={id} className={styles.step} data-step={id}>
            <span>{words.steps[id]}</span>
            <span className={styles.value}>
              {format.number(value)}
              {(id === "accepted" || id === "delivered") && totalRecipients > 0 && (
                <small className={styles.share}>{format.percent(value / totalRecipients)}</small>
              )}
            </span>
            <span className={styles.track}>
              <span
                className={styles.bar}
                style={{ inlineSize: `${people === 0 ? 0 : (100 * value) / people}%` }}
              />
            </span>
          </li>
        ))}
      </ol>
      <dl className={styles.counts}>
        {COUNTS.filter((status) => counts[status] > 0).map((status) => (
          <div key={status} className={styles.count} data-status={status}>
            <dt>
              {words.counts[status]}
              {status in words.countsWhy && (
                <span className={styles.why}>
                  {words.countsWhy[status as keyof typeof words.countsWhy]}
                </span>
              )}
            </dt>
            <dd>{format.number(counts[status])}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
