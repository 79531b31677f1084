import type { Dashboard } from "@koinonia/client";
import { useFormat } from "../words/format.ts";
import { useWords } from "../words/words.tsx";
import styles from "./Dashboard.module.css";

const WEEK = 7;

/** Today, this week and this month in figures. */
export function Figures({ stats }: { stats: Dashboard }) {
  const words = useWords().dashboard;
  const format = useFormat();
  const week = stats.daily.slice(-WEEK);
  const sum = (of: "recipients" | "replies", days = stats.daily) =>
    days.reduce((total, day) => total + day[of], 0);
  return (
    <dl className={styles.figures}>
      <Figure
        name={words.textsToday}
        value={format.number(stats.daily.at(-1)?.recipients ?? 0)}
        aside={words.inWeek(format.number(sum("recipients", week)))}
      />
      <Figure
        name={words.delivered}
        value={stats.deliveryRate === null ? "–" : format.percent(stats.deliveryRate)}
        aside={words.deliveredWhy}
      />
      <Figure
        name={words.replies}
        value={format.number(sum("replies", week))}
        aside={words.inWeekOf(format.number(stats.replies))}
      />
      <Figure
        name={words.people}
        value={format.number(stats.members)}
        aside={words.open(stats.openConversations)}
      />
    </dl>
  );
}

function Figure(props: { name: string; value: string; aside: string }) {
  return (
    <div className={styles.figure}>
      <dt>{props.name}</dt>
      <dd className={styles.value}>{props.value}</dd>
      <dd className={styles.aside}>{props.aside}</dd>
    </div>
  );
}
