import { ok, type TextingRules } from "@koinonia/client";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "../api/client.ts";
import { useMay } from "../api/queries.ts";
import { FieldRow } from "../ui/Form.tsx";
import { Section } from "../ui/Page.tsx";
import { Skeleton } from "../ui/Spinner.tsx";
import { ErrorState } from "../ui/States.tsx";
import { TextField } from "../ui/TextField.tsx";
import { useWords } from "../words/words.tsx";
import { textingRulesQuery } from "./queries.ts";
import { SettingsForm } from "./SettingsForm.tsx";

/** Quiet hours, how many broadcasts a phone gets in a week, whom HELP names. */
export function RulesPage() {
  const { data: rules, error, refetch } = useQuery(textingRulesQuery);
  if (error !== null && !rules) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!rules) return <Skeleton lines={6} />;
  return <RulesForm rules={rules} />;
}

function RulesForm({ rules }: { rules: TextingRules }) {
  const words = useWords().settings;
  const mayChange = useMay("numbers.manage");
  const queries = useQueryClient();
  return (
    <Section title={words.sections.rules} note={words.rulesWhy}>
      <SettingsForm
        saved={draftOf(rules)}
        mayChange={mayChange}
        save={(draft) => ok(api.PATCH("/api/texting-rules", { body: requestOf(draft) }))}
        keep={(answer) => queries.setQueryData(textingRulesQuery.queryKey, answer)}
        touches={["texting-rules"]}
      >
        {(draft, change) => <RulesFields draft={draft} mayChange={mayChange} change={change} />}
      </SettingsForm>
    </Section>
  );
}

function RulesFields(props: {
  draft: Draft;
  mayChange: boolean;
  change: (changed: Partial<Draft>) => void;
}) {
  const words = useWords().settings;
  const field = (name: keyof Draft) => ({
    name,
    value: props.draft[name],
    isReadOnly: !props.mayChange,
    onChange: (value: string) => props.change({ [name]: value }),
  });
  return (
    <>
      <FieldRow>
        <TextField
          label={words.textsFrom}
          hint={words.quietHint}
          type="time"
          isRequired
          {...field("textsFrom")}
        />
        <TextField label={words.textsUntil} type="time" isRequired {...field("textsUntil")} />
      </FieldRow>
      <TextField
        label={words.weeklyBudget}
        hint={words.weeklyBudgetHint}
        inputMode="numeric"
        pattern="\s*[0-9]{1,3}\s*" // else a word would be no number, and no number no limit
        {...field("weeklyBudget")}
      />
      <TextField
        label={words.helpContact}
        hint={words.helpContactHint}
        maxLength={200}
        {...field("helpContact")}
      />
    </>
  );
}

type Draft = ReturnType<typeof draftOf>;

function draftOf(rules: TextingRules) {
  return {
    textsFrom: rules.textsFrom.slice(0, 5),
    textsUntil: rules.textsUntil.slice(0, 5),
    weeklyBudget: rules.weeklyBudget === null ? "" : String(rules.weeklyBudget),
    helpContact: rules.helpContact ?? "",
  };
}

function requestOf({ weeklyBudget, helpContact, ...times }: Draft) {
  return {
    ...times,
    weeklyBudget: weeklyBudget.trim() === "" ? null : Number(weeklyBudget),
    helpContact: helpContact.trim() || null,
  };
}
