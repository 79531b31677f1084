import type { BroadcastEntry, ConsentEntry, ConversationLine, GroupEntry } from "@koinonia/client";
import { useChurchFormat } from "../api/churchFormat.ts";
import { useMe } from "../api/queries.ts";
import { Icon } from "../ui/Icon.tsx";
import { useWords } from "../words/words.tsx";
import { Files } from "./Files.tsx";
import styles from "./Line.module.css";
import { piecesOf } from "./mentions.ts";
import { NoteActions } from "./NoteActions.tsx";
import { fullName, nameOf } from "./names.ts";
import type { Entry } from "./queries.ts";
import { useTeamNames } from "./useMentions.ts";

/** One thing that happened in a thread. */
export function Line({ entry, conversationId }: { entry: Entry; conversationId: string }) {
  switch (entry.kind) {
    case "text":
      return <TextLine line={entry.line} />;
    case "note":
      return <NoteLine line={entry.line} conversationId={conversationId} />;
    case "broadcast":
      return <BroadcastLine entry={entry} />;
    case "consent":
      return <ConsentLine entry={entry} />;
    case "group":
      return <GroupLine entry={entry} />;
  }
}

function TextLine({ line }: { line: ConversationLine }) {
  const words = useWords().thread;
  const isIn = line.direction === "inbound";
  const by = line.author && fullName(line.author);
  const source =
    line.source === null || line.source === "staff" ? null : words.sources[line.source];
  return (
    <div className={styles.line} data-side={isIn ? "in" : "out"}>
      {line.answers && (
        <p className={styles.answers}>
          <Icon name="send" size="s" />
          <span>{words.answers(line.answers.text)}</span>
        </p>
      )}
      <div className={styles.bubble}>
        {line.content !== "" && <p className={styles.text}>{line.content}</p>}
        <Files line={line} />
      </div>
      <p className={styles.foot}>
        {[source, by, line.participants.map(nameOf).join(", ")].filter(Boolean).join(" · ")}
        <At at={line.createdAt} />
        {!isIn && <Status status={line.status} failure={line.failure} />}
      </p>
    </div>
  );
}

function NoteLine(props: { line: ConversationLine; conversationId: string }) {
  const words = useWords().inbox;
  const { line } = props;
  return (
    <div className={styles.line} data-side="note">
      <div className={styles.bubble}>
        <p className={styles.kind}>
          <Icon name="note" size="s" />
          {words.note}
          <NoteActions line={line} conversationId={props.conversationId} />
        </p>
        <p className={styles.text}>
          <NoteText line={line} />
        </p>
      </div>
      <p className={styles.foot}>
        {line.author && fullName(line.author)}
        <At at={line.createdAt} />
      </p>
    </div>
  );
}

/** What a note says, with whom it names marked; oneself more than others. */
function NoteText({ line }: { line: ConversationLine }) {
  const { admin } = useMe();
  const team = useTeamNames().filter(({ id }) => line.mentions.includes(id));
  return piecesOf(line.content, team).map(({ at, text, named }) =>
    named === undefined ? (
      <span key={at}>{text}</span>
    ) : (
      <mark key={at} className={styles.mention} data-own={named.id === admin.id}>
        {text}
      </mark>
    ),
  );
}

function BroadcastLine({ entry }: { entry: BroadcastEntry }) {
  const words = useWords().thread;
  return (
    <div className={styles.line} data-side="out">
      <div className={styles.bubble} data-kind="broadcast">
        <p className={styles.kind}>
          <Icon name="group" size="s" />
          {words.broadcast}
        </p>
        <p className={styles.text}>{entry.content}</p>
      </div>
      <p className={styles.foot}>
        {entry.by && fullName(entry.by)}
        <At at={entry.sentAt ?? entry.at} />
        <Status status={entry.status} failure={entry.failure?.message ?? null} />
      </p>
    </div>
  );
}

function ConsentLine({ entry }: { entry: ConsentEntry }) {
  const words = useWords().thread;
  const about = entry.groupId === null ? "" : words.about(entry.groupName ?? words.someGroup);
  const name = entry.by === null ? "" : fullName(entry.by);
  const by = name === "" ? "" : words.by(name); // who registered may have given none
  return (
    <p className={styles.system}>
      <Icon name={entry.decision === "revoked" ? "stop" : "check"} size="s" />
      {[words.consent[entry.decision], about, by].filter(Boolean).join(" · ")}
      {entry.words !== null && <q>{entry.words}</q>}
      <At at={entry.at} />
    </p>
  );
}

function GroupLine({ entry }: { entry: GroupEntry }) {
  const words = useWords().thread;
  return (
    <p className={styles.system}>
      <Icon name="group" size="s" />
      {words.group(entry.joined, entry.groupName ?? words.someGroup)}
      <At at={entry.at} />
    </p>
  );
}

/** How far it got; a failure says why. */
function Status(props: { status: ConversationLine["status"]; failure: string | null }) {
  const words = useWords().thread;
  const isFailed = props.status === "failed" || props.status === "skipped";
  return (
    <span className={styles.status} data-failed={isFailed}>
      {isFailed && <Icon name="alert" size="s" />}
      {props.status === "delivered" && <Icon name="check" size="s" />}
      {words.statuses[props.status]}
      {props.failure !== null && `: ${props.failure}`}
    </span>
  );
}

function At({ at }: { at: string }) {
  const format = useChurchFormat();
  return <time dateTime={at}>{format.time(at)}</time>;
}
