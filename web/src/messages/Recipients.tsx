import type { MessageDetail, RecipientItem } from "@koinonia/client";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useChurchFormat } from "../api/churchFormat.ts";
import { useMay } from "../api/queries.ts";
import { Badge } from "../ui/Badge.tsx";
import { Section } from "../ui/Page.tsx";
import { PagedTable } from "../ui/PagedTable.tsx";
import type { Column } from "../ui/Table.tsx";
import { Tabs } from "../ui/Tabs.tsx";
import { phoneText } from "../words/phone.ts";
import { useWords } from "../words/words.tsx";
import { CsvLink } from "./CsvLink.tsx";
import { recipientsQuery, type Which } from "./queries.ts";
import styles from "./Recipients.module.css";
import { TextBadge } from "./StatusBadge.tsx";
import { isResponse, RESPONSES, TEXT_STATUSES } from "./statuses.ts";

const ALL = "all";

/** Phone by phone: what each was told and what became of it. */
export function Recipients({ message }: { message: MessageDetail }) {
  const words = useWords().messages;
  const { recipients: which, cursor } = useSearch({ from: "/within/messages/$messageId" });
  const navigate = useNavigate({ from: "/messages/$messageId" });
  const mayTake = useMay("messages.manage");
  const shown = TEXT_STATUSES.filter((each) => message.counts[each] > 0 || each === which);
  const responses = RESPONSES.filter((each) => message.responses[each] > 0 || each === which);
  const tabs = [
    { id: ALL, name: words.recipientsAll, count: message.totalRecipients },
    ...shown.map((id) => ({ id, name: words.counts[id], count: message.counts[id] })),
    ...responses.map((id) => ({ id, name: words.steps[id], count: message.responses[id] })),
  ];
  return (
    <Section
      title={words.recipients}
      actions={mayTake && !isResponse(which) && <CsvLink messageId={message.id} status={which} />}
    >
      <Tabs
        label={words.recipients}
        tabs={tabs}
        selected={which ?? ALL}
        onSelect={(id) => {
          const recipients = [...TEXT_STATUSES, ...RESPONSES].find((each) => each === id);
          void navigate({
            search: recipients === undefined ? {} : { recipients },
            replace: true,
            resetScroll: false,
          });
        }}
      >
        <Rows messageId={message.id} which={which} cursor={cursor} />
      </Tabs>
    </Section>
  );
}

function Rows(props: { messageId: string; which: Which; cursor: string | undefined }) {
  const words = useWords().messages;
  const navigate = useNavigate({ from: "/messages/$messageId" });
  const columns = useColumns();
  return (
    <div className={styles.rows}>
      <PagedTable
        label={words.recipients}
        query={useQuery(recipientsQuery(props.messageId, props.which, props.cursor))}
        columns={columns}
        empty={<p className={styles.nobody}>{words.noRecipients}</p>}
        cursor={props.cursor}
        onCursor={(next) =>
          void navigate({
            search: ({ cursor: _first, ...before }) =>
              next === undefined ? before : { ...before, cursor: next },
            resetScroll: false,
          })
        }
      />
    </div>
  );
}

function useColumns(): Column<RecipientItem>[] {
  const { messages: words, failures } = useWords();
  const format = useChurchFormat();
  return [
    {
      id: "person",
      header: words.person,
      cell: ({ firstName, lastName, memberId }) => {
        const name = [firstName, lastName].filter(Boolean).join(" ");
        if (memberId === null || name === "") {
          return <span className="muted">{words.unknownPerson}</span>;
        }
        return (
          <Link to="/people/$memberId" params={{ memberId }}>
            {name}
          </Link>
        );
      },
    },
    {
      id: "phone",
      header: words.phone,
      cell: ({ phone }) => <span className={styles.when}>{phoneText(phone)}</span>,
    },
    {
      id: "state",
      header: words.state,
      cell: ({ status, failure }) => (
        <span className={styles.state}>
          <TextBadge status={status} />
          {failure && (
            <span className={styles.why}>{failures[failure.code] ?? failure.message}</span>
          )}
        </span>
      ),
    },
    {
      id: "response",
      header: words.textedBack,
      cell: (recipient) => <TextedBack recipient={recipient} />,
    },
    {
      id: "text",
      header: words.theirText,
      isMinor: true,
      cell: ({ content }) => <span className={styles.text}>{content}</span>,
    },
    {
      id: "since",
      header: words.settledAt,
      isMinor: true,
      cell: ({ settledAt, sentAt }) => {
        const at = settledAt ?? sentAt;
        return at === null ? "–" : <span className={styles.when}>{format.moment(at)}</span>;
      },
    },
  ];
}

/** What the phone did after it, and the way to what it wrote. */
function TextedBack({ recipient }: { recipient: RecipientItem }) {
  const words = useWords().messages;
  const format = useChurchFormat();
  const { repliedAt, stoppedAt, conversationId } = recipient;
  const mayRead = useMay("conversations.read");
  if (repliedAt === null && stoppedAt === null) return "–";
  return (
    <span className={styles.state}>
      {stoppedAt !== null && <Badge tone="danger">{words.steps.stopped}</Badge>}
      {repliedAt !== null &&
        (conversationId !== null && mayRead ? (
          <Link to="/inbox/{-$conversationId}" params={{ conversationId }}>
            {words.repliedAt(format.moment(repliedAt))}
          </Link>
        ) : (
          words.repliedAt(format.moment(repliedAt))
        ))}
    </span>
  );
}
