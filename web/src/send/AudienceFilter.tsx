import type { PeopleFilter } from "@koinonia/client";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { Button, IconButton } from "../ui/Button.tsx";
import { FieldRow } from "../ui/Form.tsx";
import { Menu, MenuItem } from "../ui/Menu.tsx";
import { Select } from "../ui/Select.tsx";
import { TextField } from "../ui/TextField.tsx";
import { useLanguage, useWords } from "../words/words.tsx";
import { Branches, Groups } from "./AudienceField.tsx";
import styles from "./AudienceFilter.module.css";
import { fieldsQuery } from "./queries.ts";

const CONDITIONS = [
  "anyGroup",
  "noGroup",
  "branch",
  "joined",
  "heard",
  "notHeard",
  "field",
  "month",
] as const;
type Condition = (typeof CONDITIONS)[number];

interface Props {
  filter: PeopleFilter;
  onChange: (filter: PeopleFilter) => void;
}

/** Conditions of which all must hold. */
export function AudienceFilter({ filter, onChange }: Props) {
  const words = useWords();
  const [added, setAdded] = useState<Condition[]>([]);
  const used = CONDITIONS.filter((each) => holds(filter, each));
  const shown = [...used, ...added.filter((each) => !used.includes(each))];
  const others = CONDITIONS.filter((each) => !shown.includes(each));
  return (
    <div className={styles.filter}>
      {shown.length === 0 && <p className="muted">{words.send.noConditions}</p>}
      {shown.map((condition) => (
        <fieldset key={condition} className={styles.condition}>
          <legend className={styles.legend}>{words.send.conditions[condition]}</legend>
          <IconButton
            icon="close"
            size="s"
            label={`${words.common.remove}: ${words.send.conditions[condition]}`}
            onPress={() => {
              setAdded(added.filter((each) => each !== condition));
              onChange(without(filter, condition));
            }}
          />
          <div className={styles.details}>
            <Details condition={condition} filter={filter} onChange={onChange} />
          </div>
        </fieldset>
      ))}
      {others.length > 0 && (
        <Menu
          label={words.send.condition}
          placement="bottom start"
          trigger={
            <Button icon="plus" size="s">
              {words.send.condition}
            </Button>
          }
        >
          {others.map((condition) => (
            <MenuItem
              key={condition}
              id={condition}
              onAction={() => setAdded([...added, condition])}
            >
              {words.send.conditions[condition]}
            </MenuItem>
          ))}
        </Menu>
      )}
    </div>
  );
}

function Details({ condition, filter, onChange }: Props & { condition: Condition }): ReactNode {
  const { groups, lastHeardFrom: heard } = filter;
  switch (condition) {
    case "anyGroup":
      return (
        <Groups
          chosen={groups?.anyOf ?? []}
          onChange={(anyOf) => onChange({ ...filter, groups: { ...groups, anyOf } })}
        />
      );
    case "noGroup":
      return (
        <Groups
          chosen={groups?.noneOf ?? []}
          onChange={(noneOf) => onChange({ ...filter, groups: { ...groups, noneOf } })}
        />
      );
    case "branch":
      return (
        <Branches
          chosen={filter.branchIds ?? []}
          onChange={(branchIds) => onChange({ ...filter, branchIds })}
        />
      );
    case "joined":
      return (
        <Days
          value={filter.joinedWithinDays}
          onChange={(joinedWithinDays) => onChange({ ...filter, joinedWithinDays })}
        />
      );
    case "heard":
      return (
        <Days
          value={heard?.withinDays}
          onChange={(withinDays) =>
            onChange({ ...filter, lastHeardFrom: { ...heard, withinDays } })
          }
        />
      );
    case "notHeard":
      return (
        <Days
          value={heard?.notWithinDays}
          onChange={(notWithinDays) =>
            onChange({ ...filter, lastHeardFrom: { ...heard, notWithinDays } })
          }
        />
      );
    case "field":
      return <FieldSays filter={filter} onChange={onChange} />;
    case "month":
      return <FieldMonth filter={filter} onChange={onChange} />;
  }
}

function Days(props: { value: number | undefined; onChange: (days: number) => void }) {
  const words = useWords().send;
  return (
    <TextField
      label={words.days}
      isRequired
      inputMode="numeric"
      value={props.value === undefined ? "" : String(props.value)}
      onChange={(text) => {
        const days = Number.parseInt(text.replace(/\D/g, ""), 10);
        if (days >= 1 && days <= 3660) props.onChange(days);
      }}
    />
  );
}

function FieldSays({ filter, onChange }: Props) {
  const words = useWords().send;
  const [field] = filter.fields ?? [];
  const [key, setKey] = useState(field?.field ?? "");
  const [text, setText] = useState(field?.contains ?? "");
  const set = (nextKey: string, nextText: string) => {
    setKey(nextKey);
    setText(nextText);
    const { fields: _old, ...rest } = filter;
    const isWhole = nextKey !== "" && nextText.trim() !== "";
    onChange(isWhole ? { ...rest, fields: [{ field: nextKey, contains: nextText.trim() }] } : rest);
  };
  return (
    <FieldRow>
      <FieldChoice value={key} onChange={(next) => set(next, text)} />
      <TextField
        label={words.fieldSays}
        isRequired
        maxLength={200}
        value={text}
        onChange={(next) => set(key, next)}
      />
    </FieldRow>
  );
}

function FieldMonth({ filter, onChange }: Props) {
  const words = useWords().send;
  const { language } = useLanguage();
  const [date] = filter.dates ?? [];
  const [key, setKey] = useState(date?.field ?? "");
  const [month, setMonth] = useState(String(date?.months?.[0] ?? ""));
  const named = new Intl.DateTimeFormat(language, { month: "long", timeZone: "UTC" });
  const months = Array.from({ length: 12 }, (_, index) => ({
    id: String(index + 1),
    name: named.format(Date.UTC(2026, index, 15)),
  }));
  const set = (nextKey: string, nextMonth: string) => {
    setKey(nextKey);
    setMonth(nextMonth);
    const { dates: _old, ...rest } = filter;
    const isWhole = nextKey !== "" && nextMonth !== "";
    onChange(
      isWhole ? { ...rest, dates: [{ field: nextKey, months: [Number(nextMonth)] }] } : rest,
    );
  };
  return (
    <FieldRow>
      <FieldChoice value={key} onChange={(next) => set(next, month)} />
      <Select
        label={words.month}
        choices={months}
        value={month === "" ? null : month}
        onChange={(next) => set(key, next)}
      />
    </FieldRow>
  );
}

function FieldChoice(props: { value: string; onChange: (key: string) => void }) {
  const words = useWords().send;
  const { data } = useQuery(fieldsQuery);
  return (
    <Select
      label={words.field}
      {...(data?.length === 0 ? { hint: words.noFields } : {})}
      choices={(data ?? []).map(({ key, label }) => ({ id: key, name: label }))}
      value={props.value === "" ? null : props.value}
      onChange={props.onChange}
    />
  );
}

function holds(filter: PeopleFilter, condition: Condition): boolean {
  switch (condition) {
    case "anyGroup":
      return (filter.groups?.anyOf?.length ?? 0) > 0;
    case "noGroup":
      return (filter.groups?.noneOf?.length ?? 0) > 0;
    case "branch":
      return (filter.branchIds?.length ?? 0) > 0;
    case "joined":
      return filter.joinedWithinDays !== undefined;
    case "heard":
      return filter.lastHeardFrom?.withinDays !== undefined;
    case "notHeard":
      return filter.lastHeardFrom?.notWithinDays !== undefined;
    case "field":
      return (filter.fields?.length ?? 0) > 0;
    case "month":
      return (filter.dates?.length ?? 0) > 0;
  }
}

function without(filter: PeopleFilter, condition: Condition): PeopleFilter {
  const { groups, branchIds, joinedWithinDays, lastHeardFrom, fields, dates, ...rest } = filter;
  const { anyOf, noneOf, ...otherGroups } = groups ?? {};
  const { withinDays, notWithinDays, ...otherHeard } = lastHeardFrom ?? {};
  const kept = <Key extends string, Value>(key: Key, own: Condition, value: Value | undefined) =>
    value === undefined || own === condition ? {} : { [key]: value };
  const keptGroups = {
    ...otherGroups,
    ...kept("anyOf", "anyGroup", anyOf),
    ...kept("noneOf", "noGroup", noneOf),
  };
  const keptHeard = {
    ...otherHeard,
    ...kept("withinDays", "heard", withinDays),
    ...kept("notWithinDays", "notHeard", notWithinDays),
  };
  return {
    ...rest,
    ...(Object.keys(keptGroups).length > 0 ? { groups: keptGroups } : {}),
    ...(Object.keys(keptHeard).length > 0 ? { lastHeardFrom: keptHeard } : {}),
    ...kept("branchIds", "branch", branchIds),
    ...kept("joinedWithinDays", "joined", joinedWithinDays),
    ...kept("fields", "field", fields),
    ...kept("dates", "month", dates),
  };
}
