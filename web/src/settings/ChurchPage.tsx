import { type Church, ok } from "@koinonia/client";
import { useQueryClient } from "@tanstack/react-query";
import { api } from "../api/client.ts";
import { meQuery, useMay, useMe } from "../api/queries.ts";
import { ZoneField } from "../sign-in/ZoneField.tsx";
import { ComboBox } from "../ui/ComboBox.tsx";
import { FieldRow } from "../ui/Form.tsx";
import { Section } from "../ui/Page.tsx";
import { Fact, Facts } from "../ui/Rows.tsx";
import { TextField } from "../ui/TextField.tsx";
import { useLanguage, useWords } from "../words/words.tsx";
import { DeviceNotices } from "./DeviceNotices.tsx";
import { churchLanguages } from "./languages.ts";
import { OwnAccount } from "./OwnAccount.tsx";
import { Sessions } from "./Sessions.tsx";
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
      <DeviceNotices />
      <Sessions />
    </>
  );
}

function ChurchForm({ church }: { church: Church }) {
  const words = useWords().settings;
  const { language: spoken } = useLanguage();
  const queries = useQueryClient();
  const { name, timezone, language } = church;
  return (
    <Section title={words.sections.church}>
      <SettingsForm
        saved={{ name, timezone, language }}
        save={(body) => ok(api.PATCH("/api/auth/church", { body }))}
        keep={(answer) =>
          queries.setQueryData(meQuery.queryKey, (me) => me && { ...me, church: answer })
        }
        touches={["me"]}
      >
        {(draft, change) => (
          <>
            <TextField
              name="name"
              label={words.churchName}
              isRequired
              maxLength={100}
              value={draft.name}
              onChange={(name) => change({ name })}
            />
            <FieldRow>
              <ZoneField
                label={words.timezone}
                hint={words.timezoneHint}
                value={draft.timezone}
                onChange={(timezone) => change({ timezone })}
              />
              <ComboBox
                name="language"
                label={words.language}
                hint={words.languageHint}
                choices={churchLanguages(spoken)}
                value={draft.language}
                onChange={(language) => change({ language })}
              />
            </FieldRow>
          </>
        )}
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
  const queries = useQueryClient();
  return (
    <Section title={words.you} note={`${admin.email} · ${words.roles[admin.role]}`}>
      <SettingsForm
        saved={{ firstName: admin.firstName ?? "", lastName: admin.lastName ?? "" }}
        save={({ firstName, lastName }) => {
          const body = { firstName: firstName.trim() || null, lastName: lastName.trim() || null };
          return ok(api.PATCH("/api/auth/me", { body }));
        }}
        keep={(answer) => queries.setQueryData(meQuery.queryKey, answer)}
        touches={["me", "team"]}
      >
        {(draft, change) => (
          <FieldRow>
            <TextField
              name="firstName"
              label={words.firstName}
              maxLength={100}
              value={draft.firstName}
              onChange={(firstName) => change({ firstName })}
            />
            <TextField
              name="lastName"
              label={words.lastName}
              maxLength={100}
              value={draft.lastName}
              onChange={(lastName) => change({ lastName })}
            />
          </FieldRow>
        )}
      </SettingsForm>
    </Section>
  );
}
