import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useMay, useMe } from "../api/queries.ts";
import { ListState } from "../ui/ListState.tsx";
import { Section } from "../ui/Page.tsx";
import { Row, Rows } from "../ui/Rows.tsx";
import { useFormat } from "../words/format.ts";
import { useWords } from "../words/words.tsx";
import styles from "./Dashboard.module.css";
import { nextSchedulesQuery } from "./queries.ts";

/** What goes out next, in the church's time; `isQuiet` says nothing where there is nothing. */
export function Schedules({ isQuiet = false }: { isQuiet?: boolean }) {
  const words = useWords().dashboard;
  const { church } = useMe();
  const format = useFormat(church.timezone);
  const mayRead = useMay("messages.read");
  const query = useQuery({ ...nextSchedulesQuery, enabled: mayRead });
  if (!mayRead || (isQuiet && !query.data?.length)) return null;
  return (
    <Section
      title={words.next}
      actions={
        <Link to="/schedules" search={{ status: "active" }}>
          {words.allSchedules}
        </Link>
      }
    >
      <ListState query={query} empty={<p className="muted">{words.noSchedules}</p>}>
        {(schedules) => (
          <Rows label={words.next}>
            {schedules.map((schedule) => (
              <Row
                key={schedule.id}
                title={
                  <Link
                    to="/schedules/$scheduleId"
                    params={{ scheduleId: schedule.id }}
                    className={styles.text}
                  >
                    {schedule.name ?? schedule.content}
                  </Link>
                }
                note={schedule.nextAt === null ? "" : format.moment(schedule.nextAt)}
              />
            ))}
          </Rows>
        )}
      </ListState>
    </Section>
  );
}
