import { useQuery } from "@tanstack/react-query";
import { useMe } from "../api/queries.ts";
import { zoneName } from "../sign-in/zones.ts";
import { FieldRow } from "../ui/Form.tsx";
import { Segmented } from "../ui/Segmented.tsx";
import { Select } from "../ui/Select.tsx";
import { FormError } from "../ui/States.tsx";
import { TextField } from "../ui/TextField.tsx";
import { ownZone, useFormat } from "../words/format.ts";
import { useWords } from "../words/words.tsx";
import type { Broadcast } from "./broadcast.ts";
import { datesQuery } from "./queries.ts";
import { FREQUENCIES, type Frequency } from "./repeat.ts";
import { useRepeatsInWords } from "./repeatInWords.ts";
import styles from "./WhenField.module.css";

interface Props {
  draft: Broadcast;
  change: (change: Partial<Broadcast>) => void;
  /** A schedule cannot become a text of this moment. */
  isSchedule: boolean;
}

/** Now, or at a time of the church's wall clock, once or again and again. */
export function WhenField({ draft, change, isSchedule }: Props) {
  const words = useWords().send;
  return (
    <>
      {!isSchedule && (
        <Segmented
          label={words.when}
          choices={[
            { id: "now", name: words.now },
            { id: "later", name: words.later },
          ]}
          value={draft.when}
          onChange={(when) => change(when === "later" ? later(draft) : { when: "now" })}
        />
      )}
      {draft.when === "later" && (
        <>
          <TimeFields draft={draft} change={change} />
          <RepeatFields draft={draft} change={change} />
          <TextField
            name="name"
            label={words.scheduleName}
            hint={words.scheduleNameHint}
            maxLength={100}
            value={draft.name}
            onChange={(name) => change({ name })}
          />
          <Dates draft={draft} />
        </>
      )}
    </>
  );
}

function TimeFields({ draft, change }: Omit<Props, "isSchedule">) {
  const words = useWords().send;
  const { church } = useMe();
  const [day = "", time = ""] = draft.localTime.split("T");
  const set = (nextDay: string, nextTime: string) => {
    if (nextDay !== "" && nextTime !== "") change({ localTime: `${nextDay}T${nextTime}` });
  };
  return (
    <>
      <FieldRow>
        <TextField
          name="scheduledFor"
          type="date"
          label={words.date}
          isRequired
          value={day}
          onChange={(next) => set(next, time)}
        />
        <TextField
          type="time"
          label={words.time}
          isRequired
          value={time.slice(0, 5)}
          onChange={(next) => set(day, next)}
        />
      </FieldRow>
      <p className={styles.zone}>{words.zone(zoneName(draft.timezone ?? church.timezone))}</p>
    </>
  );
}

function RepeatFields({ draft, change }: Omit<Props, "isSchedule">) {
  const words = useWords().send;
  const { repeat, localTime } = draft;
  const named = useRepeatsInWords(localTime);
  const choices: { id: Frequency | "custom"; name: string }[] = FREQUENCIES.map((id) => ({
    id,
    name: named({ every: id, until: "" }),
  }));
  if (repeat.every === "custom") {
    choices.push({ id: "custom", name: named(repeat) });
  }
  return (
    <FieldRow>
      <Select
        label={words.repeat}
        choices={choices}
        value={repeat.every}
        onChange={(every) => change({ repeat: { ...repeat, every } })}
      />
      {repeat.every !== "never" && repeat.every !== "custom" && (
        <TextField
          type="date"
          label={words.until}
          value={repeat.until}
          onChange={(until) => change({ repeat: { ...repeat, until } })}
        />
      )}
    </FieldRow>
  );
}

/** The next times, with what clocks and quiet hours make of them. */
function Dates({ draft }: { draft: Broadcast }) {
  const words = useWords().send;
  const { church } = useMe();
  const zone = draft.timezone ?? church.timezone;
  const there = useFormat(zone);
  const here = useFormat(ownZone());
  const { data, error } = useQuery(datesQuery(draft, zone));
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (error) return <FormError error={error} />;
  return (
    <div className={styles.dates}>
      <h3 className={styles.heading}>{words.dates}</h3>
      <ol className={styles.list}>
        {(data?.occurrences ?? []).map(({ at, note }) => (
          <li key={at}>
            {there.day(at)}, {there.time(at)}
            {own !== zone && <span className="muted"> {words.yours(here.moment(at))}</span>}
            {note !== null && <span className={styles.note}>{note}</span>}
          </li>
        ))}
        {data?.isComplete === false && <li className="muted">{words.andSoOn}</li>}
      </ol>
    </div>
  );
}

/** Tomorrow at ten until another time is chosen. */
export function later(draft: Broadcast): Partial<Broadcast> {
  if (draft.localTime !== "") return { when: "later" };
  const tomorrow = new Date(Date.now() + 24 * 3_600_000);
  const day = new Intl.DateTimeFormat("en-CA").format(tomorrow);
  return { when: "later", localTime: `${day}T10:00` };
}
