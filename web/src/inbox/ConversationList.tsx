import type { ConversationItem } from "@koinonia/client";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useCallback, useMemo, useState } from "react";
import { useMe } from "../api/queries.ts";
import { Skeleton } from "../ui/Spinner.tsx";
import { EmptyState, ErrorState } from "../ui/States.tsx";
import { VirtualList } from "../ui/VirtualList.tsx";
import { useWords } from "../words/words.tsx";
import { ConversationRow } from "./ConversationRow.tsx";
import { hasFilters, type InboxSearch } from "./filters.ts";
import { rowKey } from "./liveInbox.ts";
import { fullName } from "./names.ts";
import { itemsOf, once, PAGE_ROWS, pagesBefore } from "./pages.ts";
import { conversationsQuery, teamQuery, useLabels } from "./queries.ts";

const BulkBar = lazy(() => import("./BulkBar.tsx"));

export function ConversationList(props: { search: InboxSearch; openId: string | undefined }) {
  const words = useWords().inbox;
  const list = useInfiniteQuery(conversationsQuery(props.search));
  const rows = useMemo(() => once(itemsOf(list.data), rowKey), [list.data]);
  const labels = useLabels();
  const assigneeOf = useAssignees();
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const select = useCallback((id: string, isSelected: boolean) => {
    setSelected((old) => {
      const next = new Set(old);
      if (isSelected) next.add(id);
      else next.delete(id);
      return next;
    });
  }, []);

  if (list.isError && rows.length === 0) {
    return <ErrorState error={list.error} onRetry={() => void list.refetch()} />;
  }
  if (list.isPending) return <Skeleton lines={9} />;
  if (rows.length === 0) return <NothingListed search={props.search} />;
  return (
    <>
      <Suspense fallback={null}>
        {selected.size > 0 && (
          <BulkBar
            search={props.search}
            selected={selected}
            onDone={() => setSelected(new Set())}
          />
        )}
      </Suspense>
      <VirtualList<ConversationItem>
        label={words.list}
        items={rows}
        keyOf={rowKey}
        estimate={76}
        hasMore={list.hasNextPage}
        isFetchingMore={list.isFetchingNextPage}
        onMore={() => void list.fetchNextPage()}
        before={pagesBefore(list.data) * PAGE_ROWS}
        isFetchingBefore={list.isFetchingPreviousPage}
        onBefore={() => void list.fetchPreviousPage()}
        shown={props.openId}
        render={(row) => (
          <ConversationRow
            row={row}
            search={props.search}
            isOpen={row.id === props.openId}
            isSelected={selected.has(row.id)}
            onSelect={select}
            labels={labels}
            assignee={assigneeOf(row.assigneeId)}
          />
        )}
      />
    </>
  );
}

function NothingListed({ search }: { search: InboxSearch }) {
  const words = useWords().inbox;
  return (
    <EmptyState icon="inbox" title={words.empty[search.view ?? "open"]}>
      {hasFilters(search) ? words.emptyFiltered : words.emptyWhy}
    </EmptyState>
  );
}

/** The name of whom a conversation is given to; "You" for oneself. */
export function useAssignees(): (id: string | null) => string | undefined {
  const words = useWords().inbox;
  const { admin } = useMe();
  const { data } = useQuery(teamQuery);
  return (id) => {
    if (id === null) return undefined;
    if (id === admin.id) return words.you;
    const colleague = data?.find((each) => each.id === id);
    return colleague && (fullName(colleague) || colleague.email);
  };
}
