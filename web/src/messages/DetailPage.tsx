import type { MessageDetail } from "@koinonia/client";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { useChurchFormat } from "../api/churchFormat.ts";
import { useMay, useMe } from "../api/queries.ts";
import { inShort } from "../compose/mergeFields.ts";
import { Excluded } from "../send/Excluded.tsx";
import { Badge } from "../ui/Badge.tsx";
import { ButtonLink } from "../ui/Button.tsx";
import { Progress } from "../ui/Meter.tsx";
import { Page, Section } from "../ui/Page.tsx";
import { Skeleton } from "../ui/Spinner.tsx";
import { ErrorState, Notice } from "../ui/States.tsx";
import { useFormat } from "../words/format.ts";
import { phoneText } from "../words/phone.ts";
import { useWords } from "../words/words.tsx";
import { Controls } from "./Controls.tsx";
import styles from "./DetailPage.module.css";
import { Failures } from "./Failures.tsx";
import { Funnel } from "./Funnel.tsx";
import { accepted, messageQuery, settled } from "./queries.ts";
import { Recipients } from "./Recipients.tsx";
import { StatusBadge } from "./StatusBadge.tsx";
import { UndoNotice } from "./UndoNotice.tsx";

const TITLE_LETTERS = 48;

/** What became of one broadcast, as it happens: events keep its query fresh. */
export function MessagePage() {
  const { messageId } = useParams({ from: "/within/messages/$messageId" });
  const words = useWords().messages;
  const { data, error, refetch } = useQuery(messageQuery(messageId));
  if (data !== undefined) return <Report message={data} />;
  return (
    <Page title={words.detailTitle} back={<Link to="/messages">{words.title}</Link>}>
      {error ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : (
        <Skeleton lines={10} />
      )}
    </Page>
  );
}

function Report({ message }: { message: MessageDetail }) {
  const { church } = useMe();
  const words = useWords().messages;
  const format = useChurchFormat();
  return (
    <Page
      title={titleOf(message.content, church.name) || words.detailTitle}
      back={<Link to="/messages">{words.title}</Link>}
      lead={
        <span className={styles.facts}>
          <StatusBadge status={message.status} />
          {message.isTest && <Badge>{words.test}</Badge>}
          <span>{words.createdAt(format.moment(message.createdAt))}</span>
          <span>{words.sentFrom(phoneText(message.fromNumber))}</span>
        </span>
      }
      actions={<Controls message={message} />}
    >
      <State message={message} />
      <div className={styles.columns}>
        <Words message={message} />
        <Section title={words.funnel}>
          <Funnel message={message} />
          <Excluded counts={message.excluded} />
        </Section>
      </div>
      <Failures message={message} />
      <Recipients message={message} />
    </Page>
  );
}

function State({ message }: { message: MessageDetail }) {
  const { messages: words, failures } = useWords();
  const format = useChurchFormat();
  const { declined, paused, emergency, quietHours, latestAt, finishesAt } = message;
  const isOpen = ["pending", "sending", "paused"].includes(message.status);
  const done = format.number(settled(message));
  const all = format.number(message.totalRecipients);
  return (
    <div className={styles.state}>
      <UndoNotice message={message} />
      {declined && <Notice tone="danger">{declined.reason}</Notice>}
      {paused && <Notice tone="warning">{failures[paused.code] ?? paused.reason}</Notice>}
      {emergency && <Notice>{words.emergency(emergency.reason)}</Notice>}
      {quietHours.held > 0 && quietHours.until !== null && (
        <Notice>{words.held(quietHours.held, format.moment(quietHours.until))}</Notice>
      )}
      {isOpen && latestAt !== null && <Notice>{words.latest(format.moment(latestAt))}</Notice>}
      {isOpen && message.totalRecipients > 0 && (
        <div className={styles.progress}>
          <p>
            {words.progressText(done, all)}
            {finishesAt !== null && <span> · {words.throughAt(format.moment(finishesAt))}</span>}
          </p>
          <Progress
            label={words.progress}
            value={accepted(message) + message.counts.failed + message.counts.skipped}
            max={message.totalRecipients}
          />
        </div>
      )}
    </div>
  );
}

function Words({ message }: { message: MessageDetail }) {
  const words = useWords().messages;
  const format = useFormat();
  const maySend = useMay("messages.work");
  const { counts, parts } = message;
  const reached = counts.sent + counts.delivered + counts.unconfirmed;
  return (
    <Section title={words.words}>
      {message.content !== "" && <p className={styles.bubble}>{message.content}</p>}
      {message.mediaUrls.length > 0 && (
        <ul className={styles.pictures}>
          {message.mediaUrls.map((url) => (
            <li key={url}>
              <a href={url} target="_blank" rel="noreferrer">
                {fileName(url)}
              </a>
            </li>
          ))}
        </ul>
      )}
      <p className="muted">
        {words.parts(format.number(parts.billed), format.number(parts.estimated))}
      </p>
      {message.scheduleId !== null && (
        <p>
          {words.ofSchedule}.{" "}
          <Link to="/schedules/$scheduleId" params={{ scheduleId: message.scheduleId }}>
            {words.showSchedule}
          </Link>
        </p>
      )}
      {maySend && !message.isTest && (
        <div className={styles.actions}>
          {counts.failed > 0 && (
            <ButtonLink
              to="/send"
              search={{ after: message.id, outcome: "failed" as const }}
              icon="refresh"
            >
              {words.again}
            </ButtonLink>
          )}
          {reached > 0 && (
            <ButtonLink
              to="/send"
              search={{ after: message.id, outcome: "sent" as const }}
              icon="edit"
            >
              {words.correct}
            </ButtonLink>
          )}
        </div>
      )}
    </Section>
  );
}

/** Its first words, as somebody without a name would read them. */
function titleOf(content: string, churchName: string): string {
  const text = inShort(content, churchName).replaceAll(/\s+/g, " ").trim();
  if (text.length <= TITLE_LETTERS) return text;
  const whole = text.slice(0, text.lastIndexOf(" ", TITLE_LETTERS)) || text.slice(0, TITLE_LETTERS);
  return `${whole.replace(/[\p{P}\s]+$/u, "")}…`;
}

function fileName(url: string): string {
  const [path = url] = url.split(/[?#]/);
  return path.split("/").at(-1) ?? url;
}
