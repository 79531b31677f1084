import type { Conversation } from "@koinonia/client";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useMay, useMe } from "../api/queries.ts";
import { Badge } from "../ui/Badge.tsx";
import { Button, IconButton } from "../ui/Button.tsx";
import { Menu, MenuItem, MenuSection } from "../ui/Menu.tsx";
import { showDone } from "../ui/toasts.ts";
import { useFormat } from "../words/format.ts";
import { useWords, withWords } from "../words/words.tsx";
import { instantOf, wallTimeOf } from "../words/zone.ts";
import { useConversationChange } from "./changes.ts";
import { fullName, nameOf, prettyPhone } from "./names.ts";
import { teamQuery } from "./queries.ts";
import styles from "./ThreadHead.module.css";
import { useWide } from "./useWide.ts";

const MergeDialog = lazy(withWords(() => import("./MergeDialog.tsx")));

/** Who it is, and what can be done with the conversation. */
export function ThreadHead(props: {
  conversation: Conversation;
  onBack: () => void;
  onCard?: () => void;
}) {
  const { conversation } = props;
  const words = useWords();
  const mayWork = useMay("conversations.work");
  const Heading = useWide(800) ? "h2" : "h1"; // on a phone it is the title of the page
  return (
    <header className={styles.head}>
      <div className={styles.back}>
        <IconButton icon="arrowLeft" label={words.thread.back} onPress={props.onBack} />
      </div>
      <div className={styles.who}>
        <Heading className={styles.name}>{nameOf(conversation)}</Heading>
        <p className={styles.under}>
          {conversation.member !== null && <span>{prettyPhone(conversation.phone)}</span>}
          {conversation.optedOut && <Badge tone="danger">{words.inbox.optedOut}</Badge>}
          {conversation.status !== "open" && (
            <Badge>{words.inbox.views[conversation.status]}</Badge>
          )}
        </p>
      </div>
      <div className={styles.actions}>
        {mayWork && <Actions conversation={conversation} />}
        {props.onCard && (
          <IconButton icon="info" label={words.thread.card} onPress={props.onCard} />
        )}
      </div>
    </header>
  );
}

function Actions({ conversation }: { conversation: Conversation }) {
  const words = useWords();
  const change = useConversationChange(conversation.id);
  const [isMerging, setMerging] = useState(false);
  const isOpen = conversation.status === "open";
  const settle = (status: "open" | "closed" | "archived", sentence: string) =>
    change.mutate({ kind: "status", status }, { onSuccess: () => showDone(sentence) });
  return (
    <>
      <AssignMenu conversation={conversation} />
      <SnoozeMenu conversation={conversation} />
      <Button
        size="s"
        icon={isOpen ? "check" : "refresh"}
        isPending={change.isPending}
        onPress={() =>
          isOpen ? settle("closed", words.thread.closed) : settle("open", words.thread.reopened)
        }
      >
        <span className={styles.action}>{isOpen ? words.thread.close : words.thread.reopen}</span>
      </Button>
      <Menu
        label={words.common.more}
        trigger={<IconButton icon="more" label={words.common.more} />}
      >
        <MenuItem icon="archive" onAction={() => settle("archived", words.thread.archived)}>
          {words.thread.archive}
        </MenuItem>
        <MenuItem icon="group" onAction={() => setMerging(true)}>
          {words.thread.merge}
        </MenuItem>
      </Menu>
      <Suspense fallback={null}>
        {isMerging && <MergeDialog conversation={conversation} onClose={() => setMerging(false)} />}
      </Suspense>
    </>
  );
}

function AssignMenu({ conversation }: { conversation: Conversation }) {
  const words = useWords().thread;
  const { admin } = useMe();
  const change = useConversationChange(conversation.id);
  const { data } = useQuery(teamQuery);
  const others = data?.filter(({ id }) => id !== admin.id) ?? [];
  const assign = (id: string) =>
    change.mutate({ kind: "assign", adminId: id === "nobody" ? null : id });
  return (
    <Menu label={words.assign} trigger={<IconButton icon="person" label={words.assign} />}>
      <MenuSection
        title={words.assign}
        selected={conversation.assigneeId ?? "nobody"}
        onSelect={assign}
      >
        <MenuItem id={admin.id}>{words.assignMe}</MenuItem>
        <MenuItem id="nobody">{words.unassign}</MenuItem>
        {others.map((colleague) => (
          <MenuItem key={colleague.id} id={colleague.id}>
            {fullName(colleague) || colleague.email}
          </MenuItem>
        ))}
      </MenuSection>
    </Menu>
  );
}

const HOUR_MS = 60 * 60_000;
const MORNING = "T08:00";

function SnoozeMenu({ conversation }: { conversation: Conversation }) {
  const words = useWords().thread;
  const { church } = useMe();
  const format = useFormat(church.timezone);
  const change = useConversationChange(conversation.id);
  const snooze = (until: Date) =>
    change.mutate(
      { kind: "snooze", until: until.toISOString() },
      { onSuccess: () => showDone(words.snoozed(format.moment(until))) },
    );
  if (conversation.status === "snoozed") {
    return (
      <IconButton icon="clock" label={words.wake} onPress={() => change.mutate({ kind: "wake" })} />
    );
  }
  return (
    <Menu label={words.snooze} trigger={<IconButton icon="snooze" label={words.snooze} />}>
      <MenuItem onAction={() => snooze(new Date(Date.now() + 3 * HOUR_MS))}>
        {words.snoozes.hours}
      </MenuItem>
      <MenuItem onAction={() => snooze(morning(church.timezone, 1))}>
        {words.snoozes.tomorrow}
      </MenuItem>
      <MenuItem onAction={() => snooze(morning(church.timezone, daysToMonday(church.timezone)))}>
        {words.snoozes.monday}
      </MenuItem>
    </Menu>
  );
}

/** Eight in the morning at the church, so many days from now. */
function morning(zone: string, days: number): Date {
  const day = new Date(`${wallTimeOf(new Date(), zone).slice(0, 10)}T12:00:00Z`);
  day.setUTCDate(day.getUTCDate() + days);
  return instantOf(`${day.toISOString().slice(0, 10)}${MORNING}`, zone);
}

function daysToMonday(zone: string): number {
  const weekday = new Date(`${wallTimeOf(new Date(), zone).slice(0, 10)}T12:00:00Z`).getUTCDay();
  return (8 - weekday) % 7 || 7;
}
