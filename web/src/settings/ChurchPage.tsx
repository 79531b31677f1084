import { type Church, ok } from "@koinonia/client";
import { useState } from "react";
import { api } from "../api/client.ts";
import { useMay, useMe } from "../api/queries.ts";
import { ZoneField } from "../sign-in/ZoneField.tsx";
import { ComboBox } from "../ui/ComboBox.tsx";
import { FieldRow } from "../ui/Form.tsx";
import { Section } from "../ui/Page.tsx";
import { Fact, Facts } from "../ui/Rows.tsx";
import { TextField } from "../ui/TextField.tsx";
import { useLanguage, useWords } from "../words/words.tsx";
import { churchLanguages } from "./languages.ts";
import { OwnAccount } from "./OwnAccount.tsx";
import { SettingsForm } from "./SettingsForm.tsx";

/** The church, and who is signed in. */
export function ChurchPage() {
  const mayChange = useMay("church.manage");
  const { church } = useMe();
  return (
    <>
      {mayChange ? <ChurchForm church={church} /> : <ChurchFacts church={church} />}
      <OwnName />
      <OwnAccount />
    </>
  );
}

function ChurchForm({ church }: { church: Church }) {
  const words = useWords().settings;
  const { language: spoken } = useLanguage();
  const [name, setName] = useState(church.name);
  const [timezone, setTimezone] = useState(church.timezone);
  const [language, setLanguage] = useState(church.language);
  const body = { name, timezone, language };
  const isDirty =
    name !== church.name || timezone !== church.timezone || language !== church.language;
  return (
    <Section title={words.sections.church}>
      <SettingsForm
        isDirty={isDirty}
        save={() => ok(api.PATCH("/api/auth/church", { body }))}
        touches={["me"]}
      >
        <TextField
          name="name"
          label={words.churchName}
          isRequired
          maxLength={100}
          value={name}
          onChange={setName}
        />
        <FieldRow>
          <ZoneField
            label={words.timezone}
            hint={words.timezoneHint}
            value={timezone}
            onChange={setTimezone}
          />
          <ComboBox
            name="language"
            label={words.language}
            hint={words.languageHint}
            choices={churchLanguages(spoken)}
            value={language}
            onChange={setLanguage}
          />
        </FieldRow>
      </SettingsForm>
    </Section>
  );
}

function ChurchFacts({ church }: { church: Church }) {
  const words = useWords().settings;
  return (
    <Section title={words.sections.church}>
      <Facts>
        <Fact name={words.churchName}>{church.name}</Fact>
        <Fact name={words.timezone}>{church.timezone}</Fact>
      </Facts>
    </Section>
  );
}

function OwnName() {
  const words = useWords().settings;
  const { admin } = useMe();
  const [firstName, setFirstName] = useState(admin.firstName ?? "");
  const [lastName, setLastName] = useState(admin.lastName ?? "");
  const isDirty = firstName !== (admin.firstName ?? "") || lastName !== (admin.lastName ?? "");
  const body = { firstName: firstName.trim() || null, lastName: lastName.trim() || null };
  return (
    <Section title={words.you} note={`${admin.email} · ${words.roles[admin.role]}`}>
      <SettingsForm
        isDirty={isDirty}
        save={() => ok(api.PATCH("/api/auth/me", { body }))}
        touches={["me", "team"]}
      >
        <FieldRow>
          <TextField
            name="firstName"
            label={words.firstName}
            maxLength={100}
            value={firstName}
            onChange={setFirstName}
          />
          <TextField
            name="lastName"
            label={words.lastName}
            maxLength={100}
            value={lastName}
            onChange={setLastName}
          />
        </FieldRow>
      </SettingsForm>
    </Section>
  );
}
