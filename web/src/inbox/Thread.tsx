import { ApiError, type Conversation, ok } from "@koinonia/client";
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useEffect, useEffectEvent, useMemo, useState } from "react";
import { useChurchFormat } from "../api/churchFormat.ts";
import { api } from "../api/client.ts";
import { useMay, useMe } from "../api/queries.ts";
import { Missing } from "../shell/Missing.tsx";
import { Skeleton } from "../ui/Spinner.tsx";
import { ErrorState } from "../ui/States.tsx";
import { useFormat } from "../words/format.ts";
import { useWords } from "../words/words.tsx";
import { Lines } from "./Lines.tsx";
import { fullName, nameOf } from "./names.ts";
import { itemsOf } from "./pages.ts";
import { conversationQuery, countsQuery, type Entry, timelineQuery } from "./queries.ts";
import { Reply } from "./Reply.tsx";
import styles from "./Thread.module.css";
import { ThreadHead } from "./ThreadHead.tsx";
import { firstNew, threadItems } from "./threadItems.ts";

const StopQuestion = lazy(async () => ({
  default: (await import("./StopQuestion.tsx")).StopQuestion,
}));

interface Props {
  conversationId: string;
  onBack: () => void;
  /** Opens the card where it has no pane of its own. */
  onCard?: () => void;
}

/** A conversation: what was said, and what one says next. */
export function Thread(props: Props) {
  const detail = useQuery(conversationQuery(props.conversationId));
  const timeline = useInfiniteQuery(timelineQuery(props.conversationId));
  const error = detail.error ?? timeline.error;
  if (error instanceof ApiError && error.status === 404) return <Missing />;
  if (detail.data === undefined || timeline.data === undefined) {
    if (error === null) return <Skeleton lines={7} />;
    const retry = () => void Promise.all([detail.refetch(), timeline.refetch()]);
    return <ErrorState error={error} onRetry={retry} />;
  }
  return (
    <Open
      {...props}
      conversation={detail.data}
      entries={itemsOf(timeline.data)}
      hasOlder={timeline.hasNextPage}
      isFetchingOlder={timeline.isFetchingNextPage}
      onOlder={() => void timeline.fetchNextPage()}
    />
  );
}

function Open(
  props: Props & {
    conversation: Conversation;
    entries: Entry[];
    hasOlder: boolean;
    isFetchingOlder: boolean;
    onOlder: () => void;
  },
) {
  const { conversation, entries } = props;
  const words = useWords();
  const format = useChurchFormat();
  const mayWork = useMay("conversations.work");
  const [firstNewId] = useState(() =>
    firstNew(entries, conversation.unreadForMe ? Math.max(1, conversation.unreadCount) : 0),
  );
  useReading(conversation);
  const items = useMemo(
    () => threadItems(entries, conversation.scheduledReplies, firstNewId, format.day),
    [entries, conversation.scheduledReplies, firstNewId, format],
  );
  return (
    <div className={styles.open}>
      <ThreadHead
        conversation={conversation}
        onBack={props.onBack}
        {...(props.onCard ? { onCard: props.onCard } : {})}
      />
      <Lines
        label={words.thread.lines(nameOf(conversation))}
        conversationId={conversation.id}
        items={items}
        hasOlder={props.hasOlder}
        isFetchingOlder={props.isFetchingOlder}
        onOlder={props.onOlder}
      />
      <div className={styles.foot}>
        <Answering conversation={conversation} />
        {conversation.stopQuestion !== null && (
          <Suspense fallback={null}>
            <StopQuestion conversation={conversation} question={conversation.stopQuestion} />
          </Suspense>
        )}
        {mayWork ? (
          <Reply conversation={conversation} entries={entries} />
        ) : (
          <p className={styles.viewer}>{words.reply.viewer}</p>
        )}
      </div>
    </div>
  );
}

/** Marks as read what stands before somebody's eyes, and not what a hidden tab received. */
function useReading({ id, unreadForMe }: Conversation): void {
  const queries = useQueryClient();
  const reading = useMutation({
    mutationFn: () =>
      ok(
        api.PATCH("/api/conversations/{conversationId}/read", {
          params: { path: { conversationId: id } },
        }),
      ),
    meta: { isShown: true }, // a dot that stays says enough
    onSuccess() {
      queries.setQueryData(
        conversationQuery(id).queryKey,
        (old) => old && { ...old, unreadForMe: false, unreadCount: 0 },
      );
      void queries.invalidateQueries({ queryKey: countsQuery.queryKey });
    },
  });
  const read = useEffectEvent(() => {
    if (unreadForMe && document.visibilityState === "visible" && !reading.isPending) {
      reading.mutate();
    }
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new unread text is read again
  useEffect(() => {
    const look = () => read();
    look();
    document.addEventListener("visibilitychange", look);
    return () => document.removeEventListener("visibilitychange", look);
  }, [unreadForMe]);
}

/** Who else is writing an answer at this moment. */
function Answering({ conversation }: { conversation: Conversation }) {
  const words = useWords().thread;
  const format = useFormat();
  const { admin } = useMe();
  const others = conversation.answering.filter(({ id }) => id !== admin.id);
  const names = format.list(others.map(fullName));
  return (
    <p className={styles.answering} aria-live="off">
      {others.length === 1 && words.answering(names)}
      {others.length > 1 && words.answeringMany(names)}
    </p>
  );
}
