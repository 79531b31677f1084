import type { Dashboard } from "@koinonia/client";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useFormat } from "../words/format.ts";
import { useWords } from "../words/words.tsx";
import styles from "./Dashboard.module.css";

const WEEK = 7;

/** Today, this week and this month in figures. */
export function Figures({ stats }: { stats: Dashboard }) {
  const words = useWords().dashboard;
  const format = useFormat();
  const week = stats.daily.slice(-WEEK);
  const today = stats.daily.at(-1);
  const sum = (of: "recipients" | "replies", days = stats.daily) =>
    days.reduce((total, day) => total + day[of], 0);
  const { failed, unconfirmed } = stats.recipientsByStatus;
  return (
    <dl className={styles.figures}>
      <Figure
        name={words.textsToday}
        value={
          <Link to="/messages" search={today ? { since: today.date } : {}}>
            {format.number(today?.recipients ?? 0)}
          </Link>
        }
        aside={words.inWeek(format.number(sum("recipients", week)))}
      />
      <Figure
        name={words.delivered}
        value={stats.deliveryRate === null ? "–" : format.percent(stats.deliveryRate)}
        aside={words.failures(format.number(failed), format.number(unconfirmed))}
      />
      <Figure
        name={words.replies}
        value={format.number(sum("replies", week))}
        aside={words.inWeekOf(format.number(stats.replies))}
      />
      <Figure
        name={words.people}
        value={<Link to="/people">{format.number(stats.members)}</Link>}
        aside={
          <Link to="/inbox/{-$conversationId}" params={{}} search={{ view: "open" }}>
            {words.open(stats.openConversations)}
          </Link>
        }
      />
    </dl>
  );
}

function Figure(props: { name: string; value: ReactNode; aside: ReactNode }) {
  return (
    <div className={styles.figure}>
      <dt>{props.name}</dt>
      <dd className={styles.value}>{props.value}</dd>
      <dd className={styles.aside}>{props.aside}</dd>
    </div>
  );
}
