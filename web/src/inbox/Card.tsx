import type { Conversation } from "@koinonia/client";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import { useMay } from "../api/queries.ts";
import { Avatar } from "../ui/Avatar.tsx";
import { Badge } from "../ui/Badge.tsx";
import { Button } from "../ui/Button.tsx";
import { Check } from "../ui/Check.tsx";
import { Skeleton } from "../ui/Spinner.tsx";
import { ErrorState } from "../ui/States.tsx";
import { useWords } from "../words/words.tsx";
import styles from "./Card.module.css";
import { useConversationChange } from "./changes.ts";
import { fullName, nameOf, prettyPhone } from "./names.ts";
import { conversationQuery, useLabels } from "./queries.ts";

const AddPerson = lazy(() => import("./AddPerson.tsx"));

/** Who is on the phone, and what is known of the conversation. */
export function Card({ conversationId }: { conversationId: string }) {
  const { data, error, refetch } = useQuery(conversationQuery(conversationId));
  const mayWork = useMay("conversations.work");
  const words = useWords().card;
  if (data === undefined) {
    if (error === null) return <Skeleton lines={5} />;
    return <ErrorState error={error} onRetry={() => void refetch()} />;
  }
  return (
    <div className={styles.card}>
      <div className={styles.who}>
        <Avatar name={nameOf(data)} size="l" />
        <h2>{nameOf(data)}</h2>
        <Badge tone={data.optedOut ? "danger" : "success"}>
          {data.optedOut ? words.mayNotText : words.mayText}
        </Badge>
      </div>
      <dl className={styles.facts}>
        <dt>{words.phone}</dt>
        <dd>{prettyPhone(data.phone)}</dd>
        <dt>{words.ourNumber}</dt>
        <dd>{prettyPhone(data.ourNumber)}</dd>
        <dt>{words.assignee}</dt>
        <dd>{data.assignee === null ? words.nobody : fullName(data.assignee)}</dd>
      </dl>
      <Household conversation={data} mayWork={mayWork} />
      <Labels conversation={data} mayWork={mayWork} />
    </div>
  );
}

function Household({ conversation, mayWork }: { conversation: Conversation; mayWork: boolean }) {
  const words = useWords().card;
  const change = useConversationChange(conversation.id);
  const mayAdd = useMay("people.work");
  const { members } = conversation;
  const isPlain = members.length < 2;
  return (
    <section className={styles.part}>
      <h3>{words.household}</h3>
      {members.length === 0 && <p className="muted">{words.unknown}</p>}
      <ul className={styles.people}>
        {members.map((member) => (
          <li key={member.id} className={styles.person}>
            <Avatar name={fullName(member)} size="s" />
            <span className={styles.name}>{fullName(member)}</span>
            {!isPlain && mayWork && (
              <Button
                size="s"
                kind={member.pinned ? "secondary" : "quiet"}
                aria-label={words.pin(fullName(member))}
                onPress={() =>
                  change.mutate({ kind: "pin", memberId: member.pinned ? null : member.id })
                }
              >
                {words.isThem}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {mayWork && mayAdd && members.length === 0 && (
        <Suspense fallback={null}>
          <AddPerson conversation={conversation} />
        </Suspense>
      )}
    </section>
  );
}

function Labels({ conversation, mayWork }: { conversation: Conversation; mayWork: boolean }) {
  const words = useWords();
  const labels = useLabels();
  const change = useConversationChange(conversation.id);
  const own = new Set(conversation.labels.map(({ id }) => id));
  const toggle = (id: string, isOn: boolean) => {
    const next = new Set(own);
    if (isOn) next.add(id);
    else next.delete(id);
    change.mutate({ kind: "labels", labelIds: [...next] });
  };
  return (
    <section className={styles.part}>
      <h3>{words.card.labels}</h3>
      {labels.size === 0 && <p className="muted">{words.thread.noLabels}</p>}
      <div className={styles.labels}>
        {[...labels.values()].map((label) => (
          <Check
            key={label.id}
            isSelected={own.has(label.id)}
            isDisabled={!mayWork || change.isPending}
            onChange={(isOn) => toggle(label.id, isOn)}
          >
            {label.name}
          </Check>
        ))}
      </div>
    </section>
  );
}
