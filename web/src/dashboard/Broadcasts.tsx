import type { DeliveryStatus, ListedMessage } from "@koinonia/client";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useChurchFormat } from "../api/churchFormat.ts";
import { useMay } from "../api/queries.ts";
import type { Response } from "../messages/statuses.ts";
import { ListState } from "../ui/ListState.tsx";
import { Section } from "../ui/Page.tsx";
import { useWords } from "../words/words.tsx";
import styles from "./Dashboard.module.css";
import { lastBroadcastsQuery } from "./queries.ts";

/** How far the last broadcasts got, from phones to delivered. */
export function Broadcasts() {
  const words = useWords().dashboard;
  const mayRead = useMay("messages.read");
  const query = useQuery({ ...lastBroadcastsQuery, enabled: mayRead });
  if (!mayRead) return null;
  return (
    <Section title={words.broadcasts} actions={<Link to="/messages">{words.allBroadcasts}</Link>}>
      <ListState query={query} empty={<p className="muted">{words.noBroadcasts}</p>}>
        {(messages) => (
          <div>
            {messages.map((message) => (
              <Funnel key={message.id} message={message} />
            ))}
          </div>
        )}
      </ListState>
    </Section>
  );
}

interface Bar {
  name: string;
  value: number;
  /** The phones it counts, as the broadcast's page lists them. */
  which?: DeliveryStatus | Response;
  tone?: "danger" | "warning";
}

function Funnel({ message }: { message: ListedMessage }) {
  const words = useWords().dashboard;
  const format = useChurchFormat();
  const { counts, responses, totalRecipients: all } = message;
  const accepted = counts.sent + counts.delivered + counts.unconfirmed;
  const bars: Bar[] = [
    { name: words.phones, value: all },
    { name: words.accepted, value: accepted },
    { name: words.arrived, value: counts.delivered, which: "delivered" },
    { name: words.replied, value: responses.replied, which: "replied" },
    { name: words.stopped, value: responses.stopped, which: "stopped", tone: "danger" },
    { name: words.notKnown, value: counts.unconfirmed, which: "unconfirmed", tone: "warning" },
    { name: words.failed, value: counts.failed, which: "failed", tone: "danger" },
    { name: words.skipped, value: counts.skipped, which: "skipped", tone: "warning" },
  ];
  const params = { messageId: message.id };
  return (
    <article className={styles.broadcast}>
      <div>
        <p className={styles.text}>
          <Link to="/messages/$messageId" params={params}>
            {message.content}
          </Link>
        </p>
        <p className={styles.aside}>{format.moment(message.createdAt)}</p>
      </div>
      <dl className={styles.bars}>
        {bars
          .filter(({ value, tone }) => tone === undefined || value > 0)
          .map(({ name, value, tone, which }) => (
            <div key={name} className={styles.bar}>
              <dt>
                {which === undefined || value === 0 ? (
                  name
                ) : (
                  <Link to="/messages/$messageId" params={params} search={{ recipients: which }}>
                    {name}
                  </Link>
                )}
              </dt>
              <dd className={styles.track} aria-hidden="true">
                <div
                  className={styles.fill}
                  data-tone={tone}
                  style={{ inlineSize: `${all === 0 ? 0 : (value / all) * 100}%` }}
                />
              </dd>
              <dd>{format.number(value)}</dd>
            </div>
          ))}
      </dl>
    </article>
  );
}
