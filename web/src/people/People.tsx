import type { Member, PeopleFilter } from "@koinonia/client";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useEffect, useState } from "react";
import { useMay } from "../api/queries.ts";
import { Skeleton } from "../ui/Spinner.tsx";
import { ErrorState } from "../ui/States.tsx";
import { BulkBar } from "./BulkBar.tsx";
import { PeopleTable } from "./PeopleTable.tsx";
import { segmentsQuery, useMembers } from "./queries.ts";
import { filterOf, type PeopleSearch } from "./search.ts";

/** The people of a search, what can be done with those who are ticked, or that there are none. */
export function People(props: { search: PeopleSearch; total: number | null; nobody: ReactNode }) {
  const mayWork = useMay("people.work");
  const found = useMembers(props.search);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [isEverybody, setEverybody] = useState(false);
  const filter = useFilter(props.search);
  const choose = (ids: ReadonlySet<string>) => {
    setSelected(ids);
    setEverybody(false);
  };
  const key = JSON.stringify(props.search);
  // biome-ignore lint/correctness/useExhaustiveDependencies: other people, another selection
  useEffect(() => choose(new Set()), [key]);

  if (found.error !== null && found.data === undefined) {
    return <ErrorState error={found.error} onRetry={() => void found.refetch()} />;
  }
  if (found.data === undefined) return <Skeleton lines={8} />;
  if (found.data.rows.length === 0) return props.nobody;
  const select = (member: Member, isSelected: boolean) => {
    const next = new Set(selected);
    if (isSelected) next.add(member.id);
    else next.delete(member.id);
    choose(next);
  };
  const everybody =
    filter === undefined || props.total === null ? undefined : { filter, count: props.total };
  return (
    <div>
      {mayWork && (
        <BulkBar
          selected={selected}
          loaded={found.data.rows}
          onSelect={choose}
          everybody={everybody}
          isEverybody={isEverybody}
          onEverybody={() => setEverybody(true)}
          group={props.search.group}
        />
      )}
      <PeopleTable
        found={found.data}
        total={props.total}
        hasNext={found.hasNextPage}
        isFetching={found.isFetching}
        onNext={found.fetchNextPage}
        onPrevious={found.fetchPreviousPage}
        selected={mayWork ? selected : undefined}
        onSelect={select}
      />
    </div>
  );
}

/** What the list shows as a filter; not at once for a segment, whose own it is. */
function useFilter(search: PeopleSearch): PeopleFilter | undefined {
  const isSegment = search.segment !== undefined;
  const { data: segments } = useQuery({ ...segmentsQuery, enabled: isSegment });
  return isSegment ? segments?.find(({ id }) => id === search.segment)?.filter : filterOf(search);
}
