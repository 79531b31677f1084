import type { Dashboard } from "@koinonia/client";
import { useQuery } from "@tanstack/react-query";
import { useMay, useMe } from "../api/queries.ts";
import { numbersQuery } from "../settings/queries.ts";
import { ButtonLink } from "../ui/Button.tsx";
import { Section } from "../ui/Page.tsx";
import { Skeleton } from "../ui/Spinner.tsx";
import { Notice } from "../ui/States.tsx";
import { useFormat } from "../words/format.ts";
import { phoneText } from "../words/phone.ts";
import { useWords } from "../words/words.tsx";
import { countsQuery, oldestQuery } from "./queries.ts";

/** What waits for somebody, the most pressing first. */
export function Needs({ stats }: { stats: Dashboard }) {
  const words = useWords().dashboard;
  const { church } = useMe();
  const mayAnswer = useMay("conversations.read");
  const mayNumbers = useMay("numbers.read");
  const { data: counts } = useQuery({ ...countsQuery, enabled: mayAnswer });
  const { data: numbers = [] } = useQuery({ ...numbersQuery, enabled: mayNumbers });
  const waiting = counts?.statuses.open.unread ?? 0;
  const asking = counts?.stopQuestions.total ?? 0;
  const lost = numbers.filter(
    ({ status, connection }) => status === "active" && connection !== "connected",
  );
  const { unconfirmed } = stats.recipientsByStatus;
  const isQuiet =
    waiting + asking + lost.length + unconfirmed === 0 && church.isVerified && counts !== undefined;
  return (
    <Section title={words.needs}>
      {mayAnswer && counts === undefined && <Skeleton lines={1} />}
      {isQuiet && <Notice tone="success">{words.nothing}</Notice>}
      {!church.isVerified && <Notice tone="warning">{words.notVerified}</Notice>}
      {waiting > 0 && <Waiting unread={waiting} />}
      {asking > 0 && (
        <Notice
          tone="warning"
          action={
            <ButtonLink to="/people" search={{ asked: true }} size="s">
              {words.decide}
            </ButtonLink>
          }
        >
          {words.asking(asking)}
        </Notice>
      )}
      {lost.map((number) => (
        <Notice
          key={number.id}
          tone="danger"
          action={
            <ButtonLink to="/settings/numbers" size="s">
              {words.toNumbers}
            </ButtonLink>
          }
        >
          {words.numberTrouble(phoneText(number.phoneNumber))} {number.connectionProblem}
        </Notice>
      ))}
      {unconfirmed > 0 && <Notice>{words.unconfirmed(unconfirmed)}</Notice>}
    </Section>
  );
}

function Waiting({ unread }: { unread: number }) {
  const words = useWords().dashboard;
  const format = useFormat();
  const { data: oldest } = useQuery(oldestQuery(unread));
  return (
    <Notice
      tone="warning"
      action={
        <ButtonLink to="/inbox/{-$conversationId}" params={{}} size="s" kind="primary">
          {words.toInbox}
        </ButtonLink>
      }
    >
      {words.waiting(unread)} {oldest && words.oldest(format.ago(oldest))}
    </Notice>
  );
}
