import type { ListedMessage } from "@koinonia/client";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useChurchFormat } from "../api/churchFormat.ts";
import { useMay } from "../api/queries.ts";
import { useSettled } from "../send/useSettled.ts";
import { Badge } from "../ui/Badge.tsx";
import { Button, ButtonLink } from "../ui/Button.tsx";
import { Page } from "../ui/Page.tsx";
import { PagedTable } from "../ui/PagedTable.tsx";
import { SearchField } from "../ui/SearchField.tsx";
import { Select } from "../ui/Select.tsx";
import { EmptyState } from "../ui/States.tsx";
import type { Column } from "../ui/Table.tsx";
import { TextField } from "../ui/TextField.tsx";
import { Switch } from "../ui/Toggles.tsx";
import { useWords } from "../words/words.tsx";
import { Highlighted } from "./Highlighted.tsx";
import styles from "./ListPage.module.css";
import { type Filters, messagesQuery } from "./queries.ts";
import { StatusBadge } from "./StatusBadge.tsx";
import { MESSAGE_STATUSES } from "./statuses.ts";

const ANY = "any";
const ASKED_AFTER_MS = 250;

/** Every broadcast, latest first; what is looked for stands in the address. */
export function MessagesPage() {
  const words = useWords().messages;
  const filters = useSearch({ from: "/within/messages" });
  const navigate = useNavigate({ from: "/messages" });
  const maySend = useMay("messages.work");
  const set = (change: Change) =>
    void navigate({
      search: ({ cursor: _first, ...before }) => changed(before, change),
      replace: !("cursor" in change),
    });
  return (
    <Page
      title={words.title}
      lead={words.lead}
      actions={
        maySend && (
          <ButtonLink to="/send" kind="primary" icon="send">
            {words.send}
          </ButtonLink>
        )
      }
    >
      <FilterBar filters={filters} set={set} />
      <List filters={filters} set={set} />
    </Page>
  );
}

type Change = { [Key in keyof Filters]?: Filters[Key] | undefined };

interface Props {
  filters: Filters;
  set: (change: Change) => void;
}

function FilterBar({ filters, set }: Props) {
  const words = useWords().messages;
  const [typed, setTyped] = useState(filters.search ?? "");
  const search = useSettled(typed.trim(), ASKED_AFTER_MS);
  const current = filters.search ?? "";
  // biome-ignore lint/correctness/useExhaustiveDependencies: only what was typed changes the address
  useEffect(() => {
    if (search !== current) set({ search: search === "" ? undefined : search });
  }, [search]);
  return (
    <div className={styles.filters}>
      <div className={styles.search}>
        <SearchField label={words.search} value={typed} onChange={setTyped} />
      </div>
      <Select
        aria-label={words.status}
        label={words.status}
        choices={[
          { id: ANY, name: words.anyStatus },
          ...MESSAGE_STATUSES.map((id) => ({ id, name: words.statuses[id] })),
        ]}
        value={filters.status ?? ANY}
        onChange={(id) => set({ status: MESSAGE_STATUSES.find((status) => status === id) })}
      />
      <TextField
        label={words.since}
        type="date"
        isRequired
        value={filters.since ?? ""}
        onChange={(day) => set({ since: day === "" ? undefined : day })}
      />
      <TextField
        label={words.before}
        type="date"
        isRequired
        value={filters.before ?? ""}
        onChange={(day) => set({ before: day === "" ? undefined : day })}
      />
      <Switch
        isSelected={filters.tests === true}
        onChange={(tests) => set({ tests: tests ? true : undefined })}
      >
        {words.tests}
      </Switch>
    </div>
  );
}

function List({ filters, set }: Props) {
  const words = useWords().messages;
  const columns = useColumns();
  return (
    <PagedTable
      label={words.title}
      query={useQuery(messagesQuery(filters))}
      columns={columns}
      empty={<Nothing filters={filters} />}
      cursor={filters.cursor}
      onCursor={(cursor) => set({ cursor })}
    />
  );
}

function Nothing({ filters }: { filters: Filters }) {
  const words = useWords().messages;
  const maySend = useMay("messages.work");
  const navigate = useNavigate({ from: "/messages" });
  if (Object.keys(filters).length > 0) {
    return (
      <EmptyState
        icon="search"
        title={words.nothingFound}
        action={<Button onPress={() => void navigate({ search: {} })}>{words.clearFilters}</Button>}
      >
        {words.nothingFoundWhy}
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon="message"
      title={words.empty}
      action={
        maySend && (
          <ButtonLink to="/send" kind="primary" icon="send">
            {words.send}
          </ButtonLink>
        )
      }
    >
      {words.emptyWhy}
    </EmptyState>
  );
}

/** What is undefined in `change` is taken out, so that it does not stand in the address. */
function changed(before: Filters, change: Change): Filters {
  const entries = Object.entries({ ...before, ...change });
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

function useColumns(): Column<ListedMessage>[] {
  const words = useWords().messages;
  const format = useChurchFormat();
  return [
    {
      id: "text",
      header: words.columns.text,
      cell: (message) => (
        <Link to="/messages/$messageId" params={{ messageId: message.id }} className={styles.text}>
          {message.content === "" ? (
            words.onlyFiles
          ) : (
            <Highlighted text={message.content} places={message.highlights ?? []} />
          )}
        </Link>
      ),
    },
    {
      id: "state",
      header: words.columns.state,
      cell: (message) => (
        <span className={styles.badges}>
          <StatusBadge status={message.status} />
          {message.isTest && <Badge>{words.test}</Badge>}
        </span>
      ),
    },
    {
      id: "sent",
      header: words.columns.sent,
      cell: ({ createdAt }) => <span className={styles.when}>{format.moment(createdAt)}</span>,
    },
    {
      id: "recipients",
      header: words.columns.recipients,
      isNumber: true,
      cell: ({ totalRecipients }) => format.number(totalRecipients),
    },
    {
      id: "delivered",
      header: words.columns.delivered,
      isNumber: true,
      isMinor: true,
      cell: ({ counts }) => format.number(counts.delivered),
    },
    {
      id: "replied",
      header: words.columns.replied,
      isNumber: true,
      isMinor: true,
      cell: ({ responses }) => format.number(responses.replied),
    },
    {
      id: "failed",
      header: words.columns.failed,
      isNumber: true,
      isMinor: true,
      cell: ({ counts }) => format.number(counts.failed),
    },
  ];
}
