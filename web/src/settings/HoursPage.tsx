import { type OfficeHours, ok } from "@koinonia/client";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useId } from "react";
import { Group } from "react-aria-components";
import { api } from "../api/client.ts";
import { useMay, useMe } from "../api/queries.ts";
import { Button, IconButton } from "../ui/Button.tsx";
import { Section } from "../ui/Page.tsx";
import { Skeleton } from "../ui/Spinner.tsx";
import { ErrorState } from "../ui/States.tsx";
import { TextArea } from "../ui/TextField.tsx";
import { Switch } from "../ui/Toggles.tsx";
import { useFormat } from "../words/format.ts";
import { useWords } from "../words/words.tsx";
import styles from "./Layout.module.css";
import { officeHoursQuery } from "./queries.ts";
import { SettingsForm } from "./SettingsForm.tsx";

/** `id` keeps the fields of a span apart from the others while they are edited. */
interface Span {
  id: number;
  day: number;
  from: string;
  to: string;
}

const MOST_SPANS = 3;
const DAYS = [1, 2, 3, 4, 5, 6, 7];

/** When somebody answers, and what is answered when nobody does. */
export function HoursPage() {
  const { data: hours, error, refetch } = useQuery(officeHoursQuery);
  if (error !== null && !hours) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!hours) return <Skeleton lines={8} />;
  return <HoursForm hours={hours} />;
}

function HoursForm({ hours }: { hours: OfficeHours }) {
  const words = useWords().settings;
  const { church } = useMe();
  const mayChange = useMay("office_hours.manage");
  const queries = useQueryClient();
  return (
    <Section title={words.sections.hours} note={words.hoursWhy(church.timezone)}>
      <SettingsForm
        saved={draftOf(hours)}
        mayChange={mayChange}
        save={({ spans, ...rest }) => {
          const body = { ...rest, hours: spans.map(({ day, from, to }) => ({ day, from, to })) };
          return ok(api.PUT("/api/office-hours", { body }));
        }}
        keep={(answer) => queries.setQueryData(officeHoursQuery.queryKey, answer)}
        touches={["office-hours"]}
      >
        {(draft, change) => (
          <>
            <Switch
              isSelected={draft.enabled}
              isDisabled={!mayChange}
              onChange={(enabled) => change({ enabled })}
              hint={words.hoursOnHint}
            >
              {words.hoursOn}
            </Switch>
            <Week
              spans={draft.spans}
              mayChange={mayChange}
              onChange={(spans) => change({ spans })}
            />
            <TextArea
              name="answer"
              label={words.hoursAnswer}
              hint={words.hoursAnswerHint}
              isRequired={draft.enabled}
              isReadOnly={!mayChange}
              maxLength={1600}
              value={draft.answer}
              onChange={(answer) => change({ answer })}
            />
          </>
        )}
      </SettingsForm>
    </Section>
  );
}

function draftOf({ enabled, answer, hours }: OfficeHours) {
  return { enabled, answer, spans: hours.map((span, id): Span => ({ ...span, id })) };
}

function Week(props: { spans: Span[]; mayChange: boolean; onChange: (spans: Span[]) => void }) {
  const { spans, mayChange, onChange } = props;
  const add = (day: number) => {
    const last = spans.filter((span) => span.day === day).at(-1);
    const id = Math.max(0, ...spans.map((span) => span.id)) + 1;
    const [from, to] = last === undefined ? ["09:00", "17:00"] : [last.to, "20:00"];
    onChange([...spans, { id, day, from, to }]);
  };
  return (
    <div>
      {DAYS.map((day) => (
        <Day
          key={day}
          day={day}
          spans={spans.filter((span) => span.day === day)}
          mayChange={mayChange}
          onAdd={() => add(day)}
          onChange={(changed) =>
            onChange(spans.map((span) => (span.id === changed.id ? changed : span)))
          }
          onRemove={(id) => onChange(spans.filter((span) => span.id !== id))}
        />
      ))}
    </div>
  );
}

function Day(props: {
  day: number;
  spans: Span[];
  mayChange: boolean;
  onAdd: () => void;
  onChange: (span: Span) => void;
  onRemove: (id: number) => void;
}) {
  const words = useWords().settings;
  const format = useFormat("UTC");
  const id = useId();
  const { day, spans, mayChange } = props;
  // 2024-01-01 was a Monday.
  const name = format.day(new Date(Date.UTC(2024, 0, day))).split(",")[0] ?? "";
  return (
    <Group aria-labelledby={id} className={styles.day ?? ""}>
      <span id={id} className={styles.dayName}>
        {name}
      </span>
      <div className={styles.spans}>
        {spans.length === 0 && <span className={styles.closed}>{words.closed}</span>}
        {spans.map((span) => (
          <div key={span.id} className={styles.span}>
            <Time
              label={words.opens}
              value={span.from}
              isReadOnly={!mayChange}
              onChange={(from) => props.onChange({ ...span, from })}
            />
            <span aria-hidden="true">–</span>
            <Time
              label={words.closes}
              value={span.to}
              isReadOnly={!mayChange}
              onChange={(to) => props.onChange({ ...span, to })}
            />
            {mayChange && (
              <IconButton
                icon="close"
                size="s"
                label={words.removeSpan(span.from, span.to)}
                onPress={() => props.onRemove(span.id)}
              />
            )}
          </div>
        ))}
        {mayChange && spans.length < MOST_SPANS && (
          <div>
            <Button kind="quiet" size="s" icon="plus" onPress={props.onAdd}>
              {words.addSpan}
            </Button>
          </div>
        )}
      </div>
    </Group>
  );
}

/** The end of a day is 24:00 for the API and midnight for people. */
function Time(props: {
  label: string;
  value: string;
  isReadOnly: boolean;
  onChange: (time: string) => void;
}) {
  const isEnd = props.value === "24:00";
  return (
    <input
      type="time"
      aria-label={props.label}
      className={styles.time}
      readOnly={props.isReadOnly}
      value={isEnd ? "00:00" : props.value}
      onChange={({ target }) =>
        props.onChange(isEnd && target.value === "00:00" ? "24:00" : target.value)
      }
    />
  );
}
