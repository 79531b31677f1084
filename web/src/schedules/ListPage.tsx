import type { Schedule } from "@koinonia/client";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useChurchFormat } from "../api/churchFormat.ts";
import { useMay } from "../api/queries.ts";
import { repeatOf } from "../send/repeat.ts";
import { useRepeatsInWords } from "../send/repeatInWords.ts";
import { ButtonLink } from "../ui/Button.tsx";
import { Page } from "../ui/Page.tsx";
import { PagedTable } from "../ui/PagedTable.tsx";
import { Segmented } from "../ui/Segmented.tsx";
import { EmptyState } from "../ui/States.tsx";
import type { Column } from "../ui/Table.tsx";
import { useWords } from "../words/words.tsx";
import styles from "./ListPage.module.css";
import { schedulesQuery } from "./queries.ts";
import { ScheduleBadge } from "./ScheduleBadge.tsx";
import { SCHEDULE_STATUSES } from "./statuses.ts";

const ALL = "all";

/** What leaves later. */
export function SchedulesPage() {
  const words = useWords().schedules;
  const { status } = useSearch({ from: "/within/schedules" });
  const navigate = useNavigate({ from: "/schedules" });
  const choices = [
    { id: ALL, name: words.all },
    ...SCHEDULE_STATUSES.map((id) => ({ id, name: words.statuses[id] })),
  ];
  return (
    <Page title={words.title} lead={words.lead} actions={<Add />}>
      <Segmented
        label={words.filter}
        choices={choices}
        value={status ?? ALL}
        onChange={(id) => {
          const chosen = SCHEDULE_STATUSES.find((each) => each === id);
          void navigate({ search: chosen === undefined ? {} : { status: chosen }, replace: true });
        }}
      />
      <List />
    </Page>
  );
}

function Add() {
  const words = useWords().schedules;
  if (!useMay("messages.work")) return null;
  return (
    <ButtonLink to="/send" search={{ when: "later" }} kind="primary" icon="calendar">
      {words.add}
    </ButtonLink>
  );
}

function List() {
  const words = useWords().schedules;
  const { status, cursor } = useSearch({ from: "/within/schedules" });
  const navigate = useNavigate({ from: "/schedules" });
  const columns = useColumns();
  const empty =
    status === undefined ? (
      <EmptyState icon="calendar" title={words.empty} action={<Add />}>
        {words.emptyWhy}
      </EmptyState>
    ) : (
      <EmptyState icon="calendar" title={words.nothingFound} />
    );
  return (
    <PagedTable
      label={words.title}
      query={useQuery(schedulesQuery(status, cursor))}
      columns={columns}
      empty={empty}
      cursor={cursor}
      onCursor={(next) =>
        void navigate({
          search: ({ cursor: _first, ...before }) =>
            next === undefined ? before : { ...before, cursor: next },
        })
      }
    />
  );
}

function useColumns(): Column<Schedule>[] {
  const words = useWords().schedules;
  const format = useChurchFormat();
  return [
    {
      id: "text",
      header: words.columns.text,
      cell: (schedule) => (
        <Link
          to="/schedules/$scheduleId"
          params={{ scheduleId: schedule.id }}
          className={styles.link}
        >
          {schedule.name !== null && <span className={styles.name}>{schedule.name}</span>}
          <span className={styles.text}>{schedule.content}</span>
        </Link>
      ),
    },
    {
      id: "next",
      header: words.columns.next,
      cell: ({ nextAt }) =>
        nextAt === null ? (
          <span className="muted">{words.nothingComes}</span>
        ) : (
          <span className={styles.when}>{format.moment(nextAt)}</span>
        ),
    },
    {
      id: "repeat",
      header: words.columns.repeat,
      cell: (schedule) => <RepeatInWords schedule={schedule} />,
    },
    {
      id: "to",
      header: words.columns.to,
      isMinor: true,
      cell: ({ targetType }) => words.targets[targetType],
    },
    {
      id: "state",
      header: words.columns.state,
      cell: ({ status }) => <ScheduleBadge status={status} />,
    },
  ];
}

export function RepeatInWords({ schedule }: { schedule: Schedule }) {
  const named = useRepeatsInWords(schedule.localTime);
  return named(repeatOf(schedule.rrule, schedule.localTime.slice(0, 16)));
}
