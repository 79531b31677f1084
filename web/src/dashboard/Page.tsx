import type { Dashboard } from "@koinonia/client";
import { useQuery } from "@tanstack/react-query";
import { useMay } from "../api/queries.ts";
import { Page } from "../ui/Page.tsx";
import { Skeleton } from "../ui/Spinner.tsx";
import { EmptyState, ErrorState } from "../ui/States.tsx";
import { useWords } from "../words/words.tsx";
import { Broadcasts } from "./Broadcasts.tsx";
import { Checklist } from "./Checklist.tsx";
import styles from "./Dashboard.module.css";
import { Figures } from "./Figures.tsx";
import { Needs } from "./Needs.tsx";
import { Plan } from "./Plan.tsx";
import { statsQuery } from "./queries.ts";
import { Schedules } from "./Schedules.tsx";
import { Series } from "./Series.tsx";

/** The morning of a church's staff: what needs somebody, then how it goes. */
export function DashboardPage() {
  const words = useWords().dashboard;
  const { data: stats, error, refetch } = useQuery(statsQuery);
  const mayBill = useMay("billing.read");
  const isFirstDay = stats?.messages === 0;
  return (
    <Page title={words.title}>
      {error !== null && !stats && <ErrorState error={error} onRetry={() => void refetch()} />}
      {error === null && !stats && <Skeleton lines={8} />}
      {stats && isFirstDay && <FirstDay stats={stats} />}
      {stats && !isFirstDay && (
        <>
          <Needs />
          <Figures stats={stats} />
          <div className={styles.columns}>
            <div className={styles.column}>
              <Series stats={stats} />
              <Broadcasts />
            </div>
            <div className={styles.column}>
              {mayBill && <Plan />}
              <Schedules />
            </div>
          </div>
        </>
      )}
    </Page>
  );
}

/** There is nothing to draw yet: what to do first, or who does it. */
function FirstDay({ stats }: { stats: Dashboard }) {
  const words = useWords().dashboard;
  const maySend = useMay("messages.work");
  const mayBill = useMay("billing.read");
  return (
    <>
      {maySend ? (
        <Checklist stats={stats} />
      ) : (
        <EmptyState icon="send" title={words.nothingSent}>
          {words.nothingSentWhy}
        </EmptyState>
      )}
      <Needs />
      <Schedules isQuiet />
      {mayBill && <Plan />}
    </>
  );
}
