import type { Member } from "@koinonia/client";
import { type ReactNode, useEffect, useState } from "react";
import { useMay } from "../api/queries.ts";
import { Skeleton } from "../ui/Spinner.tsx";
import { ErrorState } from "../ui/States.tsx";
import { BulkBar } from "./BulkBar.tsx";
import { PeopleTable } from "./PeopleTable.tsx";
import { useMembers } from "./queries.ts";
import type { PeopleSearch } from "./search.ts";

/** The people of a search, what can be done with those who are ticked, or that there are none. */
export function People(props: { search: PeopleSearch; total: number | null; nobody: ReactNode }) {
  const mayWork = useMay("people.work");
  const found = useMembers(props.search);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const key = JSON.stringify(props.search);
  // biome-ignore lint/correctness/useExhaustiveDependencies: other people, another selection
  useEffect(() => setSelected(new Set()), [key]);

  if (found.error !== null && found.data === undefined) {
    return <ErrorState error={found.error} onRetry={() => void found.refetch()} />;
  }
  if (found.data === undefined) return <Skeleton lines={8} />;
  if (found.data.rows.length === 0) return props.nobody;
  const select = (member: Member, isSelected: boolean) => {
    const next = new Set(selected);
    if (isSelected) next.add(member.id);
    else next.delete(member.id);
    setSelected(next);
  };
  return (
    <div>
      {mayWork && <BulkBar selected={selected} loaded={found.data.rows} onSelect={setSelected} />}
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
