import { ok, type TextingRules } from "@koinonia/client";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
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
  return <RulesForm key={rules.changedAt} rules={rules} />;
}

function RulesForm({ rules }: { rules: TextingRules }) {
  const words = useWords().settings;
  const mayChange = useMay("numbers.manage");
  const [first] = useState({
    textsFrom: rules.textsFrom.slice(0, 5),
    textsUntil: rules.textsUntil.slice(0, 5),
    weeklyBudget: rules.weeklyBudget === null ? "" : String(rules.weeklyBudget),
    helpContact: rules.helpContact ?? "",
  });
  const [draft, setDraft] = useState(first);
  const field = (name: keyof typeof draft) => ({
    name,
    value: draft[name],
    isReadOnly: !mayChange,
    onChange: (value: string) => setDraft({ ...draft, [name]: value }),
  });
  const body = {
    textsFrom: draft.textsFrom,
    textsUntil: draft.textsUntil,
    weeklyBudget: draft.weeklyBudget === "" ? null : Number(draft.weeklyBudget),
    helpContact: draft.helpContact.trim() || null,
  };
  return (
    <Section title={words.sections.rules} note={words.rulesWhy}>
      <SettingsForm
        isDirty={JSON.stringify(draft) !== JSON.stringify(first)}
        mayChange={mayChange}
        save={() => ok(api.PATCH("/api/texting-rules", { body }))}
        touches={["texting-rules"]}
      >
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
          {...field("weeklyBudget")}
        />
        <TextField
          label={words.helpContact}
          hint={words.helpContactHint}
          maxLength={200}
          {...field("helpContact")}
        />
      </SettingsForm>
    </Section>
  );
}
