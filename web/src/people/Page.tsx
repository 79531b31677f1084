import type { Member } from "@koinonia/client";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useMay } from "../api/queries.ts";
import { Button, ButtonLink } from "../ui/Button.tsx";
import { Page } from "../ui/Page.tsx";
import { Skeleton } from "../ui/Spinner.tsx";
import { EmptyState, ErrorState } from "../ui/States.tsx";
import { useWords } from "../words/words.tsx";
import { BulkBar } from "./BulkBar.tsx";
import { FilterBar } from "./FilterBar.tsx";
import { PeopleTable } from "./PeopleTable.tsx";
import { PersonDialog } from "./PersonDialog.tsx";
import { countQuery, useMembers } from "./queries.ts";
import { countFilters, type PeopleSearch } from "./search.ts";

export function PeoplePage() {
  const words = useWords().people;
  const search = useSearch({ from: "/within/people" });
  const navigate = useNavigate({ from: "/people" });
  const mayWork = useMay("people.work");
  const [isAdding, setAdding] = useState(false);
  const { data: total = null } = useQuery(countQuery(search));
  const change = (next: PeopleSearch) => void navigate({ search: next, replace: true });
  return (
    <Page
      title={words.title}
      lead={total === null ? " " : words.count(total)}
      actions={
        mayWork && (
          <>
            <ButtonLink to="/people/import" icon="upload">
              {words.importList}
            </ButtonLink>
            <Button kind="primary" icon="plus" onPress={() => setAdding(true)}>
              {words.add}
            </Button>
          </>
        )
      }
    >
      <FilterBar search={search} onChange={change} />
      <People search={search} total={total} onClear={() => change({})} />
      {isAdding && <PersonDialog onClose={() => setAdding(false)} />}
    </Page>
  );
}

function People(props: { search: PeopleSearch; total: number | null; onClear: () => void }) {
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
  if (found.data.rows.length === 0) return <Nobody {...props} />;
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

function Nobody(props: { search: PeopleSearch; onClear: () => void }) {
  const words = useWords().people;
  const { search } = props;
  if (countFilters(search) > 0 || search.q !== undefined || search.segment !== undefined) {
    return (
      <EmptyState
        icon="search"
        title={words.nobodyFits}
        action={<Button onPress={props.onClear}>{words.clearFilters}</Button>}
      >
        {words.nobodyFitsWhy}
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon="person"
      title={words.empty}
      action={
        <ButtonLink to="/people/import" kind="primary" icon="upload">
          {words.importList}
        </ButtonLink>
      }
    >
      {words.emptyWhy}
    </EmptyState>
  );
}
