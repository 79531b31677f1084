import type { AuditEntry } from "@koinonia/client";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useChurchFormat } from "../api/churchFormat.ts";
import { saveFile } from "../api/saveFile.ts";
import { teamQuery } from "../settings/queries.ts";
import { nameOf } from "../shell/AccountMenu.tsx";
import { Button, IconButton } from "../ui/Button.tsx";
import { ComboBox } from "../ui/ComboBox.tsx";
import { Section } from "../ui/Page.tsx";
import { PagedTable } from "../ui/PagedTable.tsx";
import { Select } from "../ui/Select.tsx";
import { EmptyState, Notice } from "../ui/States.tsx";
import type { Column } from "../ui/Table.tsx";
import { TextField } from "../ui/TextField.tsx";
import { useWords, type Words } from "../words/words.tsx";
import styles from "./Page.module.css";
import { type AuditFilters, auditFile, auditQuery } from "./queries.ts";

const ANY = "any";

type Change = { [Key in keyof AuditFilters]?: AuditFilters[Key] | undefined };

interface Props {
  filters: AuditFilters;
  set: (change: Change) => void;
}

/** Who did what, for owners; what is looked for stands in the address. */
export function AuditPage() {
  const words = useWords();
  const filters: AuditFilters = useSearch({ strict: false });
  const navigate = useNavigate({ from: "/settings/audit" });
  const set = (change: Change) =>
    void navigate({ search: ({ cursor: _first, ...before }) => changed(before, change) });
  const clear = <Button onPress={() => void navigate({ search: {} })}>{words.audit.all}</Button>;
  const columns = useColumns(set);
  return (
    <Section title={words.settings.sections.audit} note={words.audit.why}>
      <FilterBar filters={filters} set={set} />
      {filters.thing !== undefined && <Notice action={clear}>{words.audit.ofOneThing}</Notice>}
      <PagedTable
        label={words.settings.sections.audit}
        query={useQuery(auditQuery(filters))}
        columns={columns}
        empty={
          <EmptyState icon="search" title={words.audit.empty} action={clear}>
            {words.audit.emptyWhy}
          </EmptyState>
        }
        cursor={filters.cursor}
        onCursor={(cursor) => set({ cursor })}
      />
    </Section>
  );
}

function FilterBar({ filters, set }: Props) {
  const words = useWords().audit;
  const { data: team = [] } = useQuery(teamQuery);
  const what = Object.entries(words.actions)
    .map(([id, name]) => ({ id, name }))
    .sort((one, other) => one.name.localeCompare(other.name));
  const download = useMutation({
    mutationFn: async () => saveFile(await auditFile(filters), "audit.csv"),
  });
  return (
    <div className={styles.filters}>
      <Select
        label={words.who}
        choices={[
          { id: ANY, name: words.anybody },
          ...team.map((colleague) => ({ id: colleague.id, name: nameOf(colleague) })),
        ]}
        value={filters.who ?? ANY}
        onChange={(who) => set({ who: who === ANY ? undefined : who })}
      />
      <ComboBox
        label={words.what}
        choices={[{ id: ANY, name: words.anything }, ...what]}
        value={filters.what ?? ANY}
        onChange={(id) => set({ what: id === ANY ? undefined : id })}
      />
      <TextField
        label={words.since}
        type="date"
        isRequired
        value={filters.since ?? ""}
        onChange={(day) => set({ since: day === "" ? undefined : day })}
      />
      <TextField
        label={words.until}
        type="date"
        isRequired
        value={filters.until ?? ""}
        onChange={(day) => set({ until: day === "" ? undefined : day })}
      />
      <Button icon="download" isPending={download.isPending} onPress={() => download.mutate()}>
        {words.download}
      </Button>
    </div>
  );
}

function useColumns(set: Props["set"]): Column<AuditEntry>[] {
  const words = useWords();
  const format = useChurchFormat();
  return [
    {
      id: "what",
      header: words.audit.what,
      cell: (entry) => (
        <span className={styles.what}>
          {words.audit.actions[entry.action] ?? entry.action}
          <Details entry={entry} />
        </span>
      ),
    },
    {
      id: "who",
      header: words.audit.who,
      cell: ({ actor }) => <span className={styles.who}>{actorName(actor, words)}</span>,
    },
    {
      id: "when",
      header: words.audit.when,
      cell: ({ at }) => <span className={styles.when}>{format.moment(at)}</span>,
    },
    {
      id: "network",
      header: words.audit.network,
      isMinor: true,
      cell: ({ network }) => network ?? "–",
    },
    {
      id: "thing",
      header: "",
      isActions: true,
      cell: ({ thingId }) =>
        thingId !== null && (
          <IconButton
            icon="search"
            size="s"
            label={words.audit.onlyThis}
            onPress={() => set({ thing: thingId })}
          />
        ),
    },
  ];
}

function Details({ entry }: { entry: AuditEntry }) {
  const words = useWords();
  const { recipients, people, rows, fields, changed: given, role } = entry.details;
  const parts = [
    ...[recipients, people].filter(isNumber).map(words.audit.people),
    ...[rows].filter(isNumber).map(words.audit.rows),
    ...[fields, given].filter(Array.isArray).map((names) => words.audit.fields(names.join(", "))),
    ...(isRole(role, words) ? [words.audit.role(words.settings.roles[role])] : []),
  ];
  return parts.length > 0 && <span className={styles.details}>{parts.join(" · ")}</span>;
}

function actorName({ kind, name }: AuditEntry["actor"], words: Words): string {
  if (name === null) return words.audit.actors[kind];
  return kind === "operator" ? words.audit.operator(name) : name;
}

function isNumber(value: unknown): value is number {
  return typeof value === "number";
}

function isRole(value: unknown, words: Words): value is keyof Words["settings"]["roles"] {
  return typeof value === "string" && value in words.settings.roles;
}

/** What is undefined in `change` is taken out, so that it does not stand in the address. */
function changed(before: AuditFilters, change: Change): AuditFilters {
  const entries = Object.entries({ ...before, ...change });
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}
