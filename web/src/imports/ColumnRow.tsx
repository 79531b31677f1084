import type { ImportJob } from "@koinonia/client";
import { Badge } from "../ui/Badge.tsx";
import { Icon } from "../ui/Icon.tsx";
import { type Choice, Select } from "../ui/Select.tsx";
import { TextField } from "../ui/TextField.tsx";
import { useWords } from "../words/words.tsx";
import { type Fault, holdsDays, SYSTEMS } from "./columnProblems.ts";
import type { ColumnDraft, Taken } from "./mapping.ts";
import styles from "./Page.module.css";

interface Props {
  job: ImportJob;
  draft: ColumnDraft;
  choices: Choice<Taken>[];
  onChange: (draft: ColumnDraft) => void;
  /** Whose ids they are, where the column has ids. */
  system: string;
  onSystem: (system: string) => void;
  fault: Fault | undefined;
}

/** One column: its head and first cells, what it is, and what that needs to be known besides. */
export function ColumnRow(props: Props) {
  const words = useWords().imports;
  const { job, draft, onChange, fault } = props;
  const column = job.columns.find((each) => each.column === draft.column);
  const head = job.hasHead ? (column?.head ?? "") : words.unnamed(draft.column);
  const cells = job.firstRows
    .map((row) => row.cells[draft.column - 1]?.trim() ?? "")
    .filter((cell) => cell !== "");
  return (
    <li className={styles.column}>
      <div>
        <p className={styles.head}>
          {head}{" "}
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
          label={words.columnIs(head)}
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
        {column?.asksDayOrder === true && holdsDays(draft.taken) && (
          <Select
            label={words.dayOrder}
            choices={[
              { id: "monthFirst", name: words.dayOrders.monthFirst },
              { id: "dayFirst", name: words.dayOrders.dayFirst },
            ]}
            value={draft.dayOrder ?? null}
            onChange={(dayOrder) => onChange({ ...draft, dayOrder })}
            placeholder={words.sayWhat}
          />
        )}
        {draft.taken === "externalId" && <System {...props} />}
        {fault !== undefined && fault !== "UNDECIDED" && (
          <p className={styles.fault}>
            <Icon name="alert" size="s" />
            {words.faults[fault]}
          </p>
        )}
      </div>
    </li>
  );
}

const OTHER = "other";

/** The name of the system, from the ones that churches use or as it is typed. */
function System({ system, onSystem }: Props) {
  const words = useWords().imports;
  const known = Object.entries(SYSTEMS).map(([id, name]) => ({ id, name }));
  const isOther = system !== "" && SYSTEMS[system] === undefined;
  const named = system.trim();
  return (
    <>
      <Select
        label={words.system}
        hint={words.systemWhy}
        choices={[...known, { id: OTHER, name: words.otherSystem }]}
        value={isOther ? OTHER : system === "" ? null : system}
        onChange={(id) => onSystem(id === OTHER ? " " : id)}
        placeholder={words.chooseSystem}
      />
      {isOther && (
        <TextField
          label={words.systemName}
          isRequired
          maxLength={40}
          value={named === "" ? "" : system}
          onChange={(name) => onSystem(name === "" ? " " : name)}
        />
      )}
    </>
  );
}
