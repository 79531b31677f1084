import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useEffectEvent, useState } from "react";
import { useMay } from "../api/queries.ts";
import { Button, IconButton } from "../ui/Button.tsx";
import { Menu, MenuItem, MenuSection } from "../ui/Menu.tsx";
import { SearchField } from "../ui/SearchField.tsx";
import { useWords, withWords } from "../words/words.tsx";
import { hasFilters, type InboxSearch, VIEWS, type View } from "./filters.ts";
import styles from "./ListHead.module.css";
import { countsQuery } from "./queries.ts";

const FilterChips = lazy(() => import("./FilterChips.tsx"));
const FilterDialog = lazy(withWords(() => import("./FilterDialog.tsx")));
const NewConversation = lazy(withWords(() => import("./NewConversation.tsx")));

const TYPING_MS = 200;

/** The title, the search, and which conversations are shown; all of it in the address. */
export function ListHead({ search }: { search: InboxSearch }) {
  const words = useWords();
  const mayWork = useMay("conversations.work");
  const go = useGo();
  const [isBeginning, setBeginning] = useState(false);
  const [isFiltering, setFiltering] = useState(false);
  return (
    <header className={styles.head}>
      <div className={styles.title}>
        <h1>{words.inbox.title}</h1>
        {mayWork && (
          <IconButton
            icon="edit"
            label={words.inbox.begin}
            data-begin
            onPress={() => setBeginning(true)}
          />
        )}
      </div>
      <InboxSearchField search={search} />
      <div className={styles.filters}>
        <ViewMenu search={search} />
        <Button size="s" icon="filter" onPress={() => setFiltering(true)}>
          {words.inbox.filter}
        </Button>
      </div>
      <Suspense fallback={null}>
        {hasFilters(search) && <FilterChips search={search} onChange={go} />}
        {isFiltering && (
          <FilterDialog search={search} onChange={go} onClose={() => setFiltering(false)} />
        )}
        {isBeginning && <NewConversation onClose={() => setBeginning(false)} />}
      </Suspense>
    </header>
  );
}

function InboxSearchField({ search }: { search: InboxSearch }) {
  const words = useWords().inbox;
  const go = useGo();
  const [typed, setTyped] = useState(search.q ?? "");
  const find = useEffectEvent((q: string) => {
    if (q !== (search.q ?? "")) go({ ...search, q: q || undefined });
  });
  useEffect(() => {
    const timer = setTimeout(() => find(typed.trim()), TYPING_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  return <SearchField label={words.search} value={typed} onChange={setTyped} maxLength={200} />;
}

function ViewMenu({ search }: { search: InboxSearch }) {
  const words = useWords().inbox;
  const go = useGo();
  const counts = useCounts();
  const view = search.view ?? "open";
  const shown = counts(view);
  return (
    <Menu
      label={words.view}
      placement="bottom start"
      trigger={
        <Button size="s">
          {words.views[view]}
          {shown !== undefined && <span className={styles.count}>{shown}</span>}
        </Button>
      }
    >
      <MenuSection
        title={words.view}
        selected={view}
        onSelect={(id) => go({ ...search, view: VIEWS.find((each) => each === id) })}
      >
        {VIEWS.map((each) => {
          const count = counts(each);
          return (
            <MenuItem key={each} id={each} {...(count === undefined ? {} : { shortcut: count })}>
              {words.views[each]}
            </MenuItem>
          );
        })}
      </MenuSection>
    </Menu>
  );
}

type Wish = { [Name in keyof InboxSearch]: InboxSearch[Name] | undefined };

function useGo(): (wish: Wish) => void {
  const navigate = useNavigate();
  return (wish) => {
    const search: InboxSearch = {};
    for (const [name, value] of Object.entries(wish)) {
      if (value !== undefined) Object.assign(search, { [name]: value });
    }
    void navigate({ to: "/inbox/{-$conversationId}", params: {}, search });
  };
}

/** How many a view holds, where the API counts it. */
function useCounts(): (view: View) => string | undefined {
  const { data } = useQuery(countsQuery);
  return (view) => {
    if (data === undefined) return undefined;
    const tally = {
      open: data.statuses.open,
      mine: data.mine,
      unassigned: data.unassigned,
      unread: data.unreadForMe,
      stop: data.stopQuestions,
      snoozed: data.statuses.snoozed,
      closed: undefined,
      archived: undefined,
    }[view];
    if (tally === undefined) return undefined;
    return "hasMore" in tally && tally.hasMore ? `${tally.total}+` : String(tally.total);
  };
}
