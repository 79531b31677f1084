import { useQuery } from "@tanstack/react-query";
import { useMay, useMe } from "../api/queries.ts";
import { numbersQuery } from "../settings/queries.ts";
import { ButtonLink } from "../ui/Button.tsx";
import { Section } from "../ui/Page.tsx";
import { Skeleton } from "../ui/Spinner.tsx";
import { ErrorState, Notice } from "../ui/States.tsx";
import { useFormat } from "../words/format.ts";
import { phoneText } from "../words/phone.ts";
import { useWords } from "../words/words.tsx";
import { countsQuery, oldestQuery } from "./queries.ts";

/** What waits for somebody, the most pressing first; each leads to just what it counts. */
export function Needs() {
  const words = useWords().dashboard;
  const { church } = useMe();
  const mayAnswer = useMay("conversations.read");
  const mayNumbers = useMay("numbers.read");
  const counts = useQuery({ ...countsQuery, enabled: mayAnswer });
  const { data: numbers = [] } = useQuery({ ...numbersQuery, enabled: mayNumbers });
  const unread = counts.data?.unreadForMe;
  const asking = counts.data?.stopQuestions.total ?? 0;
  const lost = numbers.filter(
    ({ status, connection }) => status === "active" && connection !== "connected",
  );
  const isQuiet = unread?.total === 0 && asking + lost.length === 0 && church.isVerified;
  return (
    <Section title={words.needs}>
      {counts.isError && !counts.data && (
        <ErrorState error={counts.error} onRetry={() => void counts.refetch()} />
      )}
      {mayAnswer && counts.isPending && <Skeleton lines={1} />}
      {isQuiet && <Notice tone="success">{words.nothing}</Notice>}
      {!church.isVerified && <Notice tone="warning">{words.notVerified}</Notice>}
      {unread && unread.total > 0 && <Waiting unread={unread.total} hasMore={unread.hasMore} />}
      {asking > 0 && (
        <Notice
          tone="warning"
          action={
            <ButtonLink
              to="/inbox/{-$conversationId}"
              params={{}}
              search={{ view: "stop" }}
              size="s"
            >
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
    </Section>
  );
}

function Waiting({ unread, hasMore }: { unread: number; hasMore: boolean }) {
  const words = useWords().dashboard;
  const format = useFormat();
  const { data: oldest } = useQuery(oldestQuery);
  return (
    <Notice
      tone="warning"
      action={
        <ButtonLink
          to="/inbox/{-$conversationId}"
          params={{}}
          search={{ view: "unread" }}
          size="s"
          kind="primary"
        >
          {words.toInbox}
        </ButtonLink>
      }
    >
      {hasMore ? words.waitingMore(format.number(unread)) : words.waiting(unread)}{" "}
      {oldest && words.oldest(format.ago(oldest))}
    </Notice>
  );
}
