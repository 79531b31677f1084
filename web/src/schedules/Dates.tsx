import { ok, type Schedule, type ScheduleDate } from "@koinonia/client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "../api/client.ts";
import { useMay } from "../api/queries.ts";
import { Badge } from "../ui/Badge.tsx";
import { Button } from "../ui/Button.tsx";
import { Section } from "../ui/Page.tsx";
import { Skeleton } from "../ui/Spinner.tsx";
import { ErrorState } from "../ui/States.tsx";
import { useFormat } from "../words/format.ts";
import { useWords } from "../words/words.tsx";
import styles from "./DetailPage.module.css";
import { nextDatesQuery } from "./queries.ts";

/** When it leaves next, each with a way to leave it out. */
export function Dates({ schedule }: { schedule: Schedule }) {
  const words = useWords().schedules;
  const isOver = schedule.status === "finished" || schedule.status === "cancelled";
  const { data, error, refetch } = useQuery({ ...nextDatesQuery(schedule.id), enabled: !isOver });
  if (isOver) return null;
  return (
    <Section title={words.dates} {...(schedule.rrule === null ? {} : { note: words.datesWhy })}>
      {error && <ErrorState error={error} onRetry={() => void refetch()} />}
      {data === undefined && error === null && <Skeleton lines={5} />}
      {data?.occurrences.length === 0 && <p className="muted">{words.noDates}</p>}
      <ul className={styles.dates}>
        {data?.occurrences.map((date) => (
          <DateRow key={date.at} schedule={schedule} date={date} />
        ))}
      </ul>
    </Section>
  );
}

function DateRow({ schedule, date }: { schedule: Schedule; date: ScheduleDate }) {
  const words = useWords().schedules;
  const format = useFormat(date.timezone);
  const queries = useQueryClient();
  const mayChange = useMay("messages.work");
  const day = format.day(date.at);
  const change = useMutation({
    mutationFn() {
      const params = { path: { scheduleId: schedule.id } };
      const body = { date: date.localTime.slice(0, 10) };
      return ok(
        date.isSkipped
          ? api.POST("/api/schedules/{scheduleId}/unskip", { params, body })
          : api.POST("/api/schedules/{scheduleId}/skip", { params, body }),
      );
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: ["schedules"] }),
  });
  return (
    <li className={styles.date} data-skipped={date.isSkipped}>
      <span>
        <span className={styles.day}>
          {day}, {format.time(date.at)}
        </span>{" "}
        {date.isSkipped && <Badge tone="warning">{words.skipped}</Badge>}
        {date.note !== null && <span className={styles.note}>{date.note}</span>}
      </span>
      {mayChange && schedule.rrule !== null && (
        <Button
          size="s"
          kind="quiet"
          aria-label={date.isSkipped ? words.unskipDay(day) : words.skipDay(day)}
          isPending={change.isPending}
          onPress={() => change.mutate()}
        >
          {date.isSkipped ? words.unskip : words.skip}
        </Button>
      )}
    </li>
  );
}
