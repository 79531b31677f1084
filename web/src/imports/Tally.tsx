import type { ImportCounts, ImportJob } from "@koinonia/client";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { Badge, type Tone } from "../ui/Badge.tsx";
import { Table } from "../ui/Table.tsx";
import { Tabs } from "../ui/Tabs.tsx";
import { useFormat } from "../words/format.ts";
import { phoneText } from "../words/phone.ts";
import { useWords } from "../words/words.tsx";
import styles from "./Page.module.css";

type Row = ImportJob["sample"][number];
type Outcome = Row["outcome"];

const OUTCOMES: Outcome[] = ["created", "updated", "skipped", "failed"];
const TONES: Record<Outcome, Tone> = {
  created: "success",
  updated: "info",
  skipped: "warning",
  failed: "danger",
};

/** What became of the rows, or would: `isCheck`. */
export function Tally({ counts, isCheck }: { counts: ImportCounts; isCheck: boolean }) {
  const words = useWords().imports;
  const format = useFormat();
  const names = isCheck ? words.wouldBe : words.became;
  const further: [string, number][] = [
    [words.granted, isCheck ? 0 : counts.granted],
    [words.optedOut, counts.optedOut],
    [words.households, counts.households],
  ];
  return (
    <dl className={styles.tally}>
      {OUTCOMES.map((outcome) => (
        <Figure key={outcome} name={names[outcome]} value={format.number(counts[outcome])} />
      ))}
      {further
        .filter(([, value]) => value > 0)
        .map(([name, value]) => (
          <Figure key={name} name={name} value={format.number(value)} />
        ))}
    </dl>
  );
}

function Figure({ name, value }: { name: string; value: string }) {
  return (
    <div className={styles.figure}>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

/** Rows one by one, those that were refused first to be found. */
export function RowResults({ job, isCheck }: { job: ImportJob; isCheck: boolean }) {
  const words = useWords().imports;
  const format = useFormat();
  const names = isCheck ? words.wouldBe : words.became;
  const [outcome, setOutcome] = useState<Outcome | "all">("all");
  if (job.sample.length === 0) return null;
  const present = OUTCOMES.filter((each) => job.sample.some((row) => row.outcome === each));
  const rows = job.sample.filter((row) => outcome === "all" || row.outcome === outcome);
  return (
    <Tabs
      label={words.rowsTitle}
      tabs={[
        { id: "all", name: words.all },
        ...present.map((id) => ({ id, name: names[id], count: job.counts[id] })),
      ]}
      selected={outcome}
      onSelect={setOutcome}
    >
      <Table
        label={words.rowsTitle}
        rows={rows}
        keyOf={(row) => String(row.row)}
        columns={[
          { id: "whom", header: words.whom, cell: (row) => <Whom row={row} /> },
          { id: "phone", header: words.phone, cell: (row) => phoneOf(row) },
          { id: "row", header: words.row, cell: (row) => format.number(row.row), isNumber: true },
          {
            id: "outcome",
            header: words.outcome,
            cell: (row) => <Badge tone={TONES[row.outcome]}>{names[row.outcome]}</Badge>,
          },
          { id: "reason", header: words.reason, cell: (row) => reasonOf(row, words.reasons) },
        ]}
      />
    </Tabs>
  );
}

/** The name as the file has it; who is a member by now can be looked at. */
function Whom({ row }: { row: Row }) {
  const words = useWords().imports;
  const name = row.name === "" ? words.noName : row.name;
  if (row.memberId === null) return name;
  return (
    <Link to="/people/$memberId" params={{ memberId: row.memberId }}>
      {name}
    </Link>
  );
}

/** As it stands in the file, so that it is found there. */
function phoneOf({ phone }: Row): string {
  return phone === "" ? "–" : phoneText(phone);
}

/** In the reader's language by its code, else as the server says it. */
function reasonOf(row: Row, sentences: Record<string, (values: Row["values"]) => string>): string {
  const said = row.code === null ? undefined : sentences[row.code];
  return said?.(row.values) ?? row.reason ?? "–";
}
