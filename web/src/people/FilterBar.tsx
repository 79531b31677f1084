import { useQuery } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { useMay } from "../api/queries.ts";
import { branchesQuery, fieldsQuery, groupsQuery } from "../groups/queries.ts";
import { Button } from "../ui/Button.tsx";
import { SearchField } from "../ui/SearchField.tsx";
import { useWords } from "../words/words.tsx";
import styles from "./FilterBar.module.css";
import { FilterDialog } from "./FilterDialog.tsx";
import { segmentsQuery } from "./queries.ts";
import { SegmentDialog } from "./SegmentDialog.tsx";
import { SegmentMenu } from "./SegmentMenu.tsx";
import { Sorting } from "./Sorting.tsx";
import { countFilters, filterOf, type PeopleSearch, splitField } from "./search.ts";

const TYPING_MS = 250;

interface Props {
  search: PeopleSearch;
  onChange: (search: PeopleSearch) => void;
}

/** Search, filters as chips that can be taken away, and saved segments. */
export function FilterBar({ search, onChange }: Props) {
  const words = useWords().people;
  const [isFiltering, setFiltering] = useState(false);
  const [isSaving, setSaving] = useState(false);
  const maySave = useMay("people.work");
  const filters = countFilters(search);
  return (
    <div className={styles.bar}>
      <div className={styles.tools}>
        <NameSearch search={search} onChange={onChange} />
        <Button icon="filter" onPress={() => setFiltering(true)}>
          {filters === 0 ? words.filter : words.filters(filters)}
        </Button>
        <SegmentMenu onChoose={(segment) => onChange({ segment })} />
        <Sorting search={search} onChange={onChange} />
      </div>
      <Chips search={search} onChange={onChange}>
        {maySave && (filters > 0 || search.q !== undefined) && (
          <Button kind="quiet" size="s" onPress={() => setSaving(true)}>
            {words.saveSegment}
          </Button>
        )}
      </Chips>
      {isFiltering && (
        <FilterDialog search={search} onChange={onChange} onClose={() => setFiltering(false)} />
      )}
      {isSaving && (
        <SegmentDialog
          filter={filterOf(search)}
          onSaved={(segment) => onChange({ segment })}
          onClose={() => setSaving(false)}
        />
      )}
    </div>
  );
}

/** Asks once the typing pauses, not at each key. */
function NameSearch({ search, onChange }: Props) {
  const words = useWords().people;
  const [typed, setTyped] = useState(search.q ?? "");
  const waiting = useRef<ReturnType<typeof setTimeout>>(undefined);
  const router = useRouter();
  useEffect(() => () => clearTimeout(waiting.current), []);
  useEffect(() => setTyped(search.q ?? ""), [search.q]);
  const type = (value: string) => {
    setTyped(value);
    clearTimeout(waiting.current);
    const here = router.latestLocation.pathname;
    waiting.current = setTimeout(() => {
      if (router.latestLocation.pathname !== here) return; // somebody was opened meanwhile
      const { q: _, segment: __, ...rest } = search;
      const q = value.trim();
      onChange(q === "" ? rest : { ...rest, q });
    }, TYPING_MS);
  };
  return (
    <div className={styles.search}>
      <SearchField label={words.search} value={typed} onChange={type} />
    </div>
  );
}

function Chips(props: Props & { children: React.ReactNode }) {
  const words = useWords().people;
  const { search, onChange } = props;
  const names = useNames(search);
  const keys = (Object.keys(names) as (keyof PeopleSearch)[]).filter((key) => search[key]);
  if (keys.length === 0 && props.children === false) return null;
  return (
    <div className={styles.chips}>
      {keys.map((key) => (
        <button
          key={key}
          type="button"
          className={styles.chip}
          aria-label={words.dropFilter(names[key] ?? "")}
          onClick={() => {
            const rest = { ...search };
            delete rest[key];
            onChange(rest);
          }}
        >
          {names[key]}
          <span aria-hidden="true">×</span>
        </button>
      ))}
      {props.children}
    </div>
  );
}

/** Each filter that is set, in words. */
function useNames(search: PeopleSearch): Partial<Record<keyof PeopleSearch, string>> {
  const words = useWords().people;
  const { data: groups = [] } = useQuery({ ...groupsQuery, enabled: search.group !== undefined });
  const { data: branches = [] } = useQuery({
    ...branchesQuery,
    enabled: search.branch !== undefined,
  });
  const { data: fields = [] } = useQuery({ ...fieldsQuery, enabled: search.field !== undefined });
  const { data: segments = [] } = useQuery({
    ...segmentsQuery,
    enabled: search.segment !== undefined,
  });
  const names: Partial<Record<keyof PeopleSearch, string>> = {};
  const named = (list: { id: string; name: string }[], id: string) =>
    list.find((each) => each.id === id)?.name ?? "…";
  if (search.segment) names.segment = named(segments, search.segment);
  if (search.consent) names.consent = words.consents[search.consent];
  if (search.asked) names.asked = words.asking;
  if (search.group) names.group = named(groups, search.group);
  if (search.branch) names.branch = named(branches, search.branch);
  if (search.field) {
    const [key, value] = splitField(search.field);
    const label = fields.find((each) => each.key === key)?.label ?? key;
    names.field = words.fieldIs(label, value);
  }
  if (search.joined) names.joined = words.joinedIn(Number(search.joined));
  if (search.heard) names.heard = words.heardChoices[search.heard];
  return names;
}
