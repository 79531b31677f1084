import type { ImportJob } from "@koinonia/client";
import { useQuery } from "@tanstack/react-query";
import { branchesQuery, fieldsQuery, groupsQuery } from "../groups/queries.ts";
import { Badge } from "../ui/Badge.tsx";
import { Button } from "../ui/Button.tsx";
import { CheckList } from "../ui/CheckList.tsx";
import { Section } from "../ui/Page.tsx";
import { type Choice, Select } from "../ui/Select.tsx";
import { FormError } from "../ui/States.tsx";
import { TextField } from "../ui/TextField.tsx";
import { useWords } from "../words/words.tsx";
import type { ColumnDraft, MappingDraft, Taken } from "./mapping.ts";
import styles from "./Page.module.css";
import { useStart } from "./start.ts";

interface Props {
  job: ImportJob;
  draft: MappingDraft;
  onChange: (draft: MappingDraft) => void;
}

/** What each column is: our guess, which staff mend, beside the first rows of the file. */
export function ColumnsStep(props: Props & { onChecked: () => void }) {
  const words = useWords().imports;
  const { job, draft, onChange } = props;
  const choices = useTargets(job);
  const checking = useStart(job.id, true, props.onChecked);
  const undecided = draft.columns.filter(({ taken }) => taken === null).length;
  const change = (changed: ColumnDraft) =>
    onChange({
      ...draft,
      columns: draft.columns.map((each) => (each.column === changed.column ? changed : each)),
    });
  return (
    <>
      <Section title={words.columnsTitle} note={words.columnsWhy}>
        <ul className={styles.columns}>
          {draft.columns.map((column) => (
            <ColumnRow
              key={column.column}
              job={job}
              draft={column}
              choices={choices}
              onChange={change}
            />
          ))}
        </ul>
      </Section>
      <Section title={words.everybody} note={words.everybodyWhy}>
        <Groups {...props} />
      </Section>
      <FormError error={checking.error} />
      <div className={styles.foot}>
        {undecided > 0 && (
          <Button onPress={() => onChange(withoutRest(draft))}>{words.leaveRest}</Button>
        )}
        <Button
          kind="primary"
          isDisabled={undecided > 0}
          isPending={checking.isPending}
          onPress={() => checking.mutate(draft)}
        >
          {undecided > 0 ? words.undecided(undecided) : words.check}
        </Button>
      </div>
    </>
  );
}

function ColumnRow(props: {
  job: ImportJob;
  draft: ColumnDraft;
  choices: Choice<Taken>[];
  onChange: (draft: ColumnDraft) => void;
}) {
  const words = useWords().imports;
  const { job, draft, onChange } = props;
  const column = job.columns.find((each) => each.column === draft.column);
  const cells = job.firstRows
    .map((row) => row.cells[draft.column - 1]?.trim() ?? "")
    .filter((cell) => cell !== "");
  return (
    <li className={styles.column}>
      <div>
        <p className={styles.head}>
          {column?.head}{" "}
          {column?.speaksOfConsent === true && (
            <Badge tone="warning">{words.speaksOfConsent}</Badge>
          )}
        </p>
        <p className={styles.cells}>
          {cells.length === 0 ? words.emptyColumn : cells.slice(0, 5).join(" · ")}
        </p>
      </div>
      <div className={styles.choice}>
        <Select
          label={words.columnIs(column?.head ?? "")}
          choices={props.choices}
          value={draft.taken}
          onChange={(taken) => onChange({ ...draft, taken })}
          placeholder={words.sayWhat}
        />
        {draft.taken === "newField" && (
          <TextField
            label={words.newFieldName}
            isRequired
            maxLength={100}
            value={draft.label}
            onChange={(label) => onChange({ ...draft, label })}
          />
        )}
      </div>
    </li>
  );
}

function withoutRest(draft: MappingDraft): MappingDraft {
  const decided = (column: ColumnDraft): ColumnDraft =>
    column.taken === null ? { ...column, taken: "leftOut" } : column;
  return { ...draft, columns: draft.columns.map(decided) };
}

/** Where everybody goes, and where groups belong that the file makes. */
function Groups({ draft, onChange }: Props) {
  const words = useWords().imports;
  const { data: groups = [] } = useQuery(groupsQuery);
  const { data: branches = [] } = useQuery(branchesQuery);
  const namesGroups = draft.columns.some(({ taken }) => taken === "groups");
  return (
    <>
      <CheckList
        label={words.joinAll}
        choices={groups.map(({ id, name, branchName }) => ({ id, name, note: branchName }))}
        value={draft.groupIds}
        onChange={(groupIds) => onChange({ ...draft, groupIds })}
      />
      {groups.length === 0 && <p className="muted">{words.noGroups}</p>}
      {namesGroups && branches.length > 0 && (
        <Select
          label={words.branchOfNew}
          hint={words.branchOfNewWhy}
          choices={branches.map(({ id, name }) => ({ id, name }))}
          value={draft.branchId}
          onChange={(branchId) => onChange({ ...draft, branchId })}
        />
      )}
      {draft.columns.some(({ taken }) => taken === "externalId") && (
        <TextField
          name="externalSystem"
          label={words.system}
          hint={words.systemHint}
          isRequired
          maxLength={40}
          value={draft.system}
          onChange={(system) => onChange({ ...draft, system })}
        />
      )}
    </>
  );
}

function useTargets(job: ImportJob): Choice<Taken>[] {
  const words = useWords().imports;
  const { data: fields = [] } = useQuery(fieldsQuery);
  const own = job.fields.map(
    (key): Choice<Taken> => ({
      id: `field:${key}`,
      name: fields.find((field) => field.key === key)?.label ?? key,
      note: words.ownField,
    }),
  );
  const fixed = job.targets
    .filter((target) => target !== "field")
    .map((id): Choice<Taken> => ({ id: id as Taken, name: words.targets[id] }));
  const last = fixed.filter(({ id }) => id === "newField" || id === "leftOut");
  return [...fixed.filter((each) => !last.includes(each)), ...own, ...last];
}
