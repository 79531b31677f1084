import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { useMay } from "../api/queries.ts";
import { Button, ButtonLink } from "../ui/Button.tsx";
import { Page } from "../ui/Page.tsx";
import { EmptyState } from "../ui/States.tsx";
import { useWords } from "../words/words.tsx";
import { Downloads } from "./Downloads.tsx";
import { FilterBar } from "./FilterBar.tsx";
import { People } from "./People.tsx";
import { PersonDialog } from "./PersonDialog.tsx";
import { countQuery } from "./queries.ts";
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
            <Downloads search={search} />
          </>
        )
      }
    >
      <FilterBar search={search} onChange={change} />
      <People
        search={search}
        total={total}
        nobody={<Nobody search={search} onClear={() => change({})} />}
      />
      {isAdding && <PersonDialog onClose={() => setAdding(false)} />}
    </Page>
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
