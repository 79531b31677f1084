import type { MessageDetail } from "@koinonia/client";
import { Link } from "@tanstack/react-router";
import { useFormat } from "../words/format.ts";
import { useWords } from "../words/words.tsx";
import styles from "./Funnel.module.css";
import { accepted } from "./queries.ts";
import { isResponse } from "./statuses.ts";

const COUNTS = ["sent", "unconfirmed", "failed", "skipped", "sending", "pending"] as const;

/** From whom it was meant for to who texted back: bars, and every figure behind them. */
export function Funnel({ message }: { message: MessageDetail }) {
  const words = useWords().messages;
  const format = useFormat();
  const { counts, excluded, responses, totalRecipients } = message;
  const left = Object.values(excluded).reduce((sum, count) => sum + count, 0);
  const people = totalRecipients + left;
  const steps = [
    { id: "people", value: people },
    { id: "phones", value: totalRecipients },
    { id: "accepted", value: accepted(message) },
    { id: "delivered", value: counts.delivered },
    { id: "replied", value: responses.replied },
    { id: "stopped", value: responses.stopped },
  ] as const;
  return (
    <div className={styles.funnel}>
      <ol className={styles.steps}>
        {steps.map(({ id, value }) => (
          <li key={id} className={styles.step} data-step={id}>
            <StepName id={id} value={value} messageId={message.id} />
            <span className={styles.value}>
              {format.number(value)}
              {id !== "people" && id !== "phones" && totalRecipients > 0 && (
                <small className={styles.share}>{format.percent(value / totalRecipients)}</small>
              )}
            </span>
            <span className={styles.track}>
              {value > 0 && (
                <span className={styles.bar} style={{ inlineSize: `${(100 * value) / people}%` }} />
              )}
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

/** Who texted back is listed below, with what they wrote. */
function StepName(props: {
  id: keyof ReturnType<typeof useWords>["messages"]["steps"];
  value: number;
  messageId: string;
}) {
  const name = useWords().messages.steps[props.id];
  const { id, messageId } = props;
  if (!isResponse(id) || props.value === 0) return <span>{name}</span>;
  return (
    <Link
      to="/messages/$messageId"
      params={{ messageId }}
      search={{ recipients: id }}
      resetScroll={false}
    >
      {name}
    </Link>
  );
}
