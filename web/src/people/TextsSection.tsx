import type { Member } from "@koinonia/client";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useChurchFormat } from "../api/churchFormat.ts";
import { useMay } from "../api/queries.ts";
import { Badge, type Tone } from "../ui/Badge.tsx";
import { Section } from "../ui/Page.tsx";
import { Row, Rows } from "../ui/Rows.tsx";
import { Skeleton } from "../ui/Spinner.tsx";
import { ErrorState } from "../ui/States.tsx";
import { useWords } from "../words/words.tsx";
import styles from "./PersonPage.module.css";
import { receivedQuery } from "./queries.ts";

const TONES: Record<string, Tone> = {
  delivered: "success",
  failed: "danger",
  unconfirmed: "warning",
  skipped: "warning",
};

/** The last broadcasts that went to this phone. */
export function TextsSection({ member }: { member: Member }) {
  const { people: words, failures } = useWords();
  const format = useChurchFormat();
  const mayRead = useMay("messages.read");
  const { data, error, refetch } = useQuery({ ...receivedQuery(member.id), enabled: mayRead });
  if (!mayRead) return null;
  return (
    <Section title={words.texts}>
      {error !== null && !data && <ErrorState error={error} onRetry={() => void refetch()} />}
      {error === null && !data && <Skeleton lines={3} />}
      {data?.data.length === 0 && <p className="muted">{words.noTexts}</p>}
      {data && data.data.length > 0 && (
        <Rows label={words.texts}>
          {data.data.map((text) => (
            <Row
              key={text.messageId}
              title={
                <Link
                  to="/messages/$messageId"
                  params={{ messageId: text.messageId }}
                  className={styles.text}
                >
                  {text.content}
                </Link>
              }
              badges={
                <Badge tone={TONES[text.status] ?? "neutral"}>{words.statuses[text.status]}</Badge>
              }
              note={
                <>
                  {format.moment(text.sentAt ?? text.createdAt)}
                  {text.failure && ` · ${failures[text.failure.code] ?? text.failure.message}`}
                </>
              }
            />
          ))}
        </Rows>
      )}
    </Section>
  );
}
