import type { ConversationItem } from "@koinonia/client";
import { Link } from "@tanstack/react-router";
import { memo } from "react";
import { useChurchFormat } from "../api/churchFormat.ts";
import { Avatar } from "../ui/Avatar.tsx";
import { Badge } from "../ui/Badge.tsx";
import { Check } from "../ui/Check.tsx";
import { Icon } from "../ui/Icon.tsx";
import { useWords } from "../words/words.tsx";
import styles from "./ConversationRow.module.css";
import type { InboxSearch } from "./filters.ts";
import { LabelChip } from "./LabelChip.tsx";
import { nameOf, othersOf } from "./names.ts";

/** One line of the list: who, what they last wrote, and what to know before opening it. */
export const ConversationRow = memo(function ConversationRow(props: {
  row: ConversationItem;
  search: InboxSearch;
  isOpen: boolean;
  isSelected: boolean;
  onSelect: (id: string, isSelected: boolean) => void;
  labels: Map<string, { name: string; colour: string }>;
  assignee: string | undefined;
}) {
  const { row } = props;
  const words = useWords().inbox;
  const format = useChurchFormat();
  const name = nameOf(row);
  const others = othersOf(row);
  return (
    <div className={styles.row} data-open={props.isOpen} data-selected={props.isSelected}>
      <div className={styles.face}>
        <Avatar name={name} />
        <div className={styles.check}>
          <Check
            isSelected={props.isSelected}
            onChange={(isSelected) => props.onSelect(row.id, isSelected)}
          >
            <span className="visually-hidden">{words.select(name)}</span>
          </Check>
        </div>
      </div>
      <Link
        className={styles.link}
        to="/inbox/{-$conversationId}"
        params={{ conversationId: row.id }}
        search={props.search}
        aria-current={props.isOpen ? "page" : undefined}
        data-unread={row.unreadForMe}
      >
        <span className={styles.head}>
          <span className={styles.name}>
            {name}
            {others > 0 && <span className={styles.others}> {words.others(others)}</span>}
          </span>
          <time className={styles.time} dateTime={row.lastMessageAt}>
            {format.short(row.lastMessageAt)}
          </time>
        </span>
        <span className={styles.body}>
          <span className={styles.text}>
            <LastLine row={row} />
          </span>
          {row.unreadForMe && (
            <span className={styles.dot}>
              <span className="visually-hidden">{words.unread}</span>
            </span>
          )}
        </span>
        <Marks {...props} />
      </Link>
    </div>
  );
});

function LastLine({ row }: { row: ConversationItem }) {
  const words = useWords().inbox;
  const last = row.lastMessage;
  if (last === null) return null;
  const who = { inbound: "", outbound: `${words.you}: `, note: `${words.note}: ` }[last.direction];
  const media = last.media === null ? "" : words.media[last.media.kind](last.media.count);
  return `${who}${[last.content, media].filter(Boolean).join(" · ")}`;
}

function Marks(props: {
  row: ConversationItem;
  labels: Map<string, { name: string; colour: string }>;
  assignee: string | undefined;
}) {
  const words = useWords().inbox;
  const format = useChurchFormat();
  const { row } = props;
  const isBare =
    !row.optedOut &&
    row.stopQuestion === null &&
    row.labels.length === 0 &&
    row.snoozedUntil === null &&
    props.assignee === undefined;
  if (isBare) return null;
  return (
    <span className={styles.marks}>
      {row.stopQuestion !== null && <Badge tone="warning">{words.stopAsked}</Badge>}
      {row.optedOut && <Badge tone="danger">{words.optedOut}</Badge>}
      {row.snoozedUntil !== null && (
        <Badge>
          <Icon name="snooze" size="s" />
          {words.until(format.short(row.snoozedUntil))}
        </Badge>
      )}
      {row.labels.map((id) => {
        const label = props.labels.get(id);
        return label && <LabelChip key={id} label={label} />;
      })}
      {props.assignee !== undefined && (
        <span className={styles.assignee}>
          <Icon name="person" size="s" />
          <span className="visually-hidden">{words.assignedTo(props.assignee)}</span>
          <span aria-hidden="true">{props.assignee}</span>
        </span>
      )}
    </span>
  );
}
