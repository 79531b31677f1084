import type { ImportJob } from "@koinonia/client";
import { useQuery } from "@tanstack/react-query";
import { branchesQuery, fieldsQuery, groupsQuery } from "../groups/queries.ts";
import { Button } from "../ui/Button.tsx";
import { CheckList } from "../ui/CheckList.tsx";
import { Section } from "../ui/Page.tsx";
import { type Choice, Select } from "../ui/Select.tsx";
import { Notice } from "../ui/States.tsx";
import { useWords } from "../words/words.tsx";
import { ColumnRow } from "./ColumnRow.tsx";
import { columnProblems } from "./columnProblems.ts";
import { HeadQuestion } from "./HeadQuestion.tsx";
import { type ColumnDraft, draftOf, type MappingDraft, type Taken } from "./mapping.ts";
import styles from "./Page.module.css";
import { Refusal } from "./Refusal.tsx";
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
  const asksDayOrder = (column: number) =>
    job.columns.find((each) => each.column === column)?.asksDayOrder === true;
  const problems = columnProblems(draft, asksDayOrder);
  const undecided = draft.columns.filter(({ taken }) => taken === null).length;
  const change = (changed: ColumnDraft) =>
    onChange({
      ...draft,
      columns: draft.columns.map((each) => (each.column === changed.column ? changed : each)),
    });
  const startAnew = (changed: ImportJob) => {
    checking.reset();
    onChange({ ...draft, ...draftOf(changed), consent: draft.consent });
  };
  return (
    <>
      <HeadQuestion job={job} onChanged={startAnew} />
      <Section title={words.columnsTitle} note={words.columnsWhy}>
        <ul className={styles.columns}>
          {draft.columns.map((column) => (
            <ColumnRow
              key={column.column}
              job={job}
              draft={column}
              choices={choices}
              onChange={change}
              system={draft.system}
              onSystem={(system) => onChange({ ...draft, system })}
              fault={problems.get(column.column)}
            />
          ))}
        </ul>
      </Section>
      <Section title={words.everybody} note={words.everybodyWhy}>
        <Groups {...props} />
      </Section>
      {problems.has(null) && <Notice tone="warning">{words.faults.NO_PHONE}</Notice>}
      <Refusal error={checking.error} />
      <div className={styles.foot}>
        {undecided > 0 && (
          <Button onPress={() => onChange(withoutRest(draft))}>{words.leaveRest}</Button>
        )}
        <Button
          kind="primary"
          isDisabled={problems.size > 0}
          isPending={checking.isPending}
          onPress={() => checking.mutate(draft)}
        >
          {undecided > 0 ? words.undecided(undecided) : words.check}
        </Button>
      </div>
    </>
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
