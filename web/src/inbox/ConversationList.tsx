import type { ConversationItem } from "@koinonia/client";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useCallback, useMemo, useState } from "react";
import { useMe } from "../api/queries.ts";
import { Skeleton } from "../ui/Spinner.tsx";
import { EmptyState, ErrorState } from "../ui/States.tsx";
import { VirtualList } from "../ui/VirtualList.tsx";
import { useWords } from "../words/words.tsx";
import { ConversationRow } from "./ConversationRow.tsx";
import type { InboxSearch } from "./filters.ts";
import { fullName } from "./names.ts";
import { itemsOf } from "./pages.ts";
import { conversationsQuery, teamQuery, useLabels } from "./queries.ts";

const BulkBar = lazy(() => import("./BulkBar.tsx"));

export function ConversationList(props: { search: InboxSearch; openId: string | undefined }) {
  const words = useWords().inbox;
  const list = useInfiniteQuery(conversationsQuery(props.search));
  const rows = useMemo(() => itemsOf(list.data), [list.data]);
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
        keyOf={(row) => row.id}
        estimate={76}
        hasMore={list.hasNextPage}
        isFetchingMore={list.isFetchingNextPage}
        onMore={() => void list.fetchNextPage()}
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
  const isFiltered = search.label !== undefined || search.group !== undefined;
  return (
    <EmptyState icon="inbox" title={words.empty[search.view ?? "open"]}>
      {isFiltered ? words.emptyFiltered : words.emptyWhy}
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
    const colleague = data?.data.find((each) => each.id === id);
    return colleague && (fullName(colleague) || colleague.email);
  };
}
