import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { lazy, Suspense, useCallback, useState } from "react";
import { useTitle } from "../ui/Page.tsx";
import { Skeleton } from "../ui/Spinner.tsx";
import { EmptyState } from "../ui/States.tsx";
import { useWords } from "../words/words.tsx";
import { Card } from "./Card.tsx";
import { ConversationList } from "./ConversationList.tsx";
import { ListHead } from "./ListHead.tsx";
import { useLiveInbox } from "./liveInbox.ts";
import styles from "./Page.module.css";
import { Thread } from "./Thread.tsx";
import { useInboxKeys } from "./useInboxKeys.ts";
import { useWide } from "./useWide.ts";

const SearchResults = lazy(() => import("./SearchResults.tsx"));
const CardDrawer = lazy(() => import("./CardDrawer.tsx"));
const CARD_PX = 1280;

/** Three panes on a desk, two where it is narrower, one at a time on a phone. */
export function InboxPage() {
  const words = useWords();
  const search = useSearch({ from: "/within/inbox/{-$conversationId}" });
  const { conversationId } = useParams({ from: "/within/inbox/{-$conversationId}" });
  const navigate = useNavigate();
  const isWide = useWide(CARD_PX);
  const [isCardOpen, setCardOpen] = useState(false);
  useTitle(words.inbox.title);
  useLiveInbox(search, conversationId);
  useInboxKeys(search, conversationId);
  const back = useCallback(
    () =>
      void navigate({
        to: "/inbox/{-$conversationId}",
        params: { conversationId: undefined },
        search,
      }),
    [navigate, search],
  );
  return (
    <div className={styles.panes} data-open={conversationId !== undefined}>
      <section className={styles.list} aria-label={words.inbox.list}>
        <ListHead search={search} />
        {search.q === undefined ? (
          <ConversationList key={JSON.stringify(search)} search={search} openId={conversationId} />
        ) : (
          <Suspense fallback={<Skeleton lines={6} />}>
            <SearchResults q={search.q} search={search} openId={conversationId} />
          </Suspense>
        )}
      </section>
      <section className={styles.thread}>
        {conversationId === undefined ? (
          <EmptyState icon="message" title={words.inbox.pick}>
            {words.inbox.pickWhy}
          </EmptyState>
        ) : (
          <Thread
            key={conversationId}
            conversationId={conversationId}
            onBack={back}
            {...(isWide ? {} : { onCard: () => setCardOpen(true) })}
          />
        )}
      </section>
      {conversationId !== undefined && isWide && (
        <aside className={styles.card} aria-label={words.card.title}>
          <Card key={conversationId} conversationId={conversationId} />
        </aside>
      )}
      <Suspense fallback={null}>
        {conversationId !== undefined && !isWide && isCardOpen && (
          <CardDrawer conversationId={conversationId} onClose={() => setCardOpen(false)} />
        )}
      </Suspense>
    </div>
  );
}
