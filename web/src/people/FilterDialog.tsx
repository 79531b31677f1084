import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { branchesQuery, fieldsQuery, groupsQuery } from "../groups/queries.ts";
import { Button } from "../ui/Button.tsx";
import { ComboBox } from "../ui/ComboBox.tsx";
import { EditDialog } from "../ui/EditDialog.tsx";
import { FieldRow } from "../ui/Form.tsx";
import { Select } from "../ui/Select.tsx";
import { Skeleton } from "../ui/Spinner.tsx";
import { ErrorState } from "../ui/States.tsx";
import { TextField } from "../ui/TextField.tsx";
import { Switch } from "../ui/Toggles.tsx";
import { useWords } from "../words/words.tsx";
import { CONSENTS, countFilters, DAYS, HEARD, type PeopleSearch, splitField } from "./search.ts";

const ANY = "any";

/** What all of the people in the list have in common. It counts when it is applied. */
export function FilterDialog(props: {
  search: PeopleSearch;
  onChange: (search: PeopleSearch) => void;
  onClose: () => void;
}) {
  const words = useWords().people;
  const { segment: _, ...before } = props.search;
  const [wanted, setWanted] = useState<PeopleSearch>(before);
  const set = <Key extends keyof PeopleSearch>(key: Key, value: PeopleSearch[Key] | typeof ANY) => {
    const next = { ...wanted };
    delete next[key];
    if (value !== ANY) next[key] = value as PeopleSearch[Key];
    setWanted(next);
  };
  const { q, sort } = wanted;
  return (
    <EditDialog
      title={words.filter}
      submit={words.apply}
      isDirty={JSON.stringify(sorted(wanted)) !== JSON.stringify(sorted(before))}
      save={() => Promise.resolve(wanted)}
      touches={[]}
      onSaved={(applied) => {
        props.onClose();
        props.onChange(applied);
      }}
      onClose={props.onClose}
      extra={
        countFilters(wanted) > 0 && (
          <Button
            kind="quiet"
            onPress={() => setWanted({ ...(q && { q }), ...(sort && { sort }) })}
          >
            {words.clearFilters}
          </Button>
        )
      }
    >
      <Select
        label={words.consent}
        choices={[
          { id: ANY, name: words.any },
          ...CONSENTS.map((id) => ({ id, name: words.consents[id] })),
        ]}
        value={wanted.consent ?? ANY}
        onChange={(id) => set("consent", id)}
      />
      <GroupChoices wanted={wanted} set={set} />
      <FieldChoice value={wanted.field} onChange={(field) => set("field", field ?? ANY)} />
      <FieldRow>
        <Select
          label={words.joined}
          choices={[
            { id: ANY, name: words.any },
            ...DAYS.map((id) => ({ id, name: words.joinedIn(Number(id)) })),
          ]}
          value={wanted.joined ?? ANY}
          onChange={(id) => set("joined", id)}
        />
        <Select
          label={words.heard}
          choices={[
            { id: ANY, name: words.any },
            ...HEARD.map((id) => ({ id, name: words.heardChoices[id] })),
          ]}
          value={wanted.heard ?? ANY}
          onChange={(id) => set("heard", id)}
        />
      </FieldRow>
      <Switch
        isSelected={wanted.asked === true}
        onChange={(isOn) => set("asked", isOn ? true : ANY)}
        hint={words.askingWhy}
      >
        {words.asking}
      </Switch>
    </EditDialog>
  );
}

function sorted(search: PeopleSearch) {
  return Object.entries(search).sort();
}

function GroupChoices(props: {
  wanted: PeopleSearch;
  set: (key: "group" | "branch", value: string) => void;
}) {
  const words = useWords().people;
  const groups = useQuery(groupsQuery);
  const branches = useQuery(branchesQuery);
  const any = { id: ANY, name: words.any };
  const failed = [groups, branches].find(({ data, error }) => !data && error !== null);
  if (failed) return <ErrorState error={failed.error} onRetry={() => void failed.refetch()} />;
  if (groups.data === undefined || branches.data === undefined) return <Skeleton lines={2} />;
  return (
    <FieldRow>
      <ComboBox
        label={words.group}
        choices={[
          any,
          ...groups.data.map(({ id, name, branchName }) => ({ id, name, note: branchName })),
        ]}
        value={props.wanted.group ?? ANY}
        onChange={(id) => props.set("group", id)}
      />
      <ComboBox
        label={words.branch}
        choices={[any, ...branches.data]}
        value={props.wanted.branch ?? ANY}
        onChange={(id) => props.set("branch", id)}
      />
    </FieldRow>
  );
}

function FieldChoice(props: {
  value: string | undefined;
  onChange: (field: string | undefined) => void;
}) {
  const words = useWords().people;
  const { data: fields = [] } = useQuery(fieldsQuery);
  const [key, value] = props.value === undefined ? [ANY, ""] : splitField(props.value);
  if (fields.length === 0) return null;
  return (
    <FieldRow>
      <Select
        label={words.field}
        choices={[
          { id: ANY, name: words.any },
          ...fields.map((field) => ({ id: field.key, name: field.label })),
        ]}
        value={key}
        onChange={(next) => props.onChange(next === ANY ? undefined : `${next}:*`)}
      />
      {key !== ANY && (
        <TextField
          label={words.fieldValue}
          hint={words.fieldValueHint}
          value={value === "*" ? "" : value}
          onChange={(typed) => props.onChange(`${key}:${typed.trim() === "" ? "*" : typed}`)}
        />
      )}
    </FieldRow>
  );
}
