import type { SearchResult } from "@koinonia/client";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useChurchFormat } from "../api/churchFormat.ts";
import { Avatar } from "../ui/Avatar.tsx";
import { Skeleton } from "../ui/Spinner.tsx";
import { EmptyState, ErrorState } from "../ui/States.tsx";
import { VirtualList } from "../ui/VirtualList.tsx";
import { useWords } from "../words/words.tsx";
import type { InboxSearch } from "./filters.ts";
import { nameOf } from "./names.ts";
import { itemsOf } from "./pages.ts";
import { searchQuery } from "./queries.ts";
import styles from "./SearchResults.module.css";

/** Where the words were said. */
export default function SearchResults(props: {
  q: string;
  search: InboxSearch;
  openId: string | undefined;
}) {
  const words = useWords().inbox;
  const found = useInfiniteQuery(searchQuery(props.q));
  const results = itemsOf(found.data);
  if (found.isError) return <ErrorState error={found.error} onRetry={() => void found.refetch()} />;
  if (found.isPending) return <Skeleton lines={6} />;
  if (results.length === 0) {
    return (
      <EmptyState icon="search" title={words.noMatch(props.q)}>
        {words.noMatchWhy}
      </EmptyState>
    );
  }
  return (
    <VirtualList<SearchResult>
      label={words.list}
      items={results}
      keyOf={({ conversation, match }) => `${conversation.id}-${match.messageId ?? match.kind}`}
      estimate={84}
      hasMore={found.hasNextPage}
      isFetchingMore={found.isFetchingNextPage}
      onMore={() => void found.fetchNextPage()}
      render={(result) => (
        <Result
          result={result}
          search={props.search}
          isOpen={result.conversation.id === props.openId}
        />
      )}
    />
  );
}

function Result(props: { result: SearchResult; search: InboxSearch; isOpen: boolean }) {
  const { conversation, match } = props.result;
  const format = useChurchFormat();
  const name = nameOf(conversation);
  return (
    <Link
      className={styles.result}
      to="/inbox/{-$conversationId}"
      params={{ conversationId: conversation.id }}
      search={props.search}
      data-open={props.isOpen}
    >
      <Avatar name={name} />
      <span className={styles.words}>
        <span className={styles.head}>
          <span className={styles.name}>{name}</span>
          <time className={styles.time} dateTime={match.createdAt}>
            {format.short(match.createdAt)}
          </time>
        </span>
        <span className={styles.text}>
          {pieces(match.content, match.highlights).map(({ at, text, isMatch }) =>
            isMatch ? <mark key={at}>{text}</mark> : <span key={at}>{text}</span>,
          )}
        </span>
      </span>
    </Link>
  );
}

/** The text in pieces, the found ones marked. */
function pieces(content: string, highlights: { start: number; end: number }[]) {
  const found: { at: number; text: string; isMatch: boolean }[] = [];
  let at = 0;
  for (const { start, end } of highlights) {
    if (start > at) found.push({ at, text: content.slice(at, start), isMatch: false });
    found.push({ at: start, text: content.slice(start, end), isMatch: true });
    at = end;
  }
  if (at < content.length) found.push({ at, text: content.slice(at), isMatch: false });
  return found;
}
