import type { Dashboard } from "@koinonia/client";
import { lazy, Suspense, useId, useState } from "react";
import { Button } from "../ui/Button.tsx";
import { Section } from "../ui/Page.tsx";
import { Table } from "../ui/Table.tsx";
import { useFormat } from "../words/format.ts";
import { useWords } from "../words/words.tsx";
import styles from "./Dashboard.module.css";

const Chart = lazy(() => import("./Chart.tsx"));

export const SERIES = ["recipients", "delivered", "replies"] as const;

/** Thirty days as lines, and behind them the figures as a table, which is printed too. */
export function Series({ stats }: { stats: Dashboard }) {
  const words = useWords().dashboard;
  const format = useFormat("UTC");
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  return (
    <Section title={words.month}>
      <div className={styles.legend}>
        {SERIES.map((name) => (
          <span key={name} className={styles.key}>
            <span className={styles.line} data-series={name} />
            {words.series[name]}
          </span>
        ))}
      </div>
      <div className={styles.chart} aria-hidden="true">
        <Suspense fallback={null}>
          <Chart days={stats.daily} />
        </Suspense>
      </div>
      <div data-not-printed>
        <Button
          kind="quiet"
          size="s"
          aria-expanded={isOpen}
          aria-controls={id}
          onPress={() => setOpen(!isOpen)}
        >
          {isOpen ? words.hideFigures : words.showFigures}
        </Button>
      </div>
      <div id={id} className={styles.table} data-open={isOpen}>
        <Table
          label={words.month}
          rows={stats.daily.toReversed()}
          keyOf={({ date }) => date}
          columns={[
            {
              id: "date",
              header: words.day,
              cell: ({ date }) => format.day(`${date}T12:00:00Z`),
            },
            ...SERIES.map((name) => ({
              id: name,
              header: words.series[name],
              isNumber: true,
              cell: (day: Dashboard["daily"][number]) => format.number(day[name]),
            })),
            {
              id: "failed",
              header: words.failed,
              isNumber: true,
              cell: ({ failed }) => format.number(failed),
            },
          ]}
        />
      </div>
    </Section>
  );
}
