import { ok } from "@koinonia/client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../api/client.ts";
import { meQuery, useMay, useMe } from "../api/queries.ts";
import { ZoneField } from "../sign-in/ZoneField.tsx";
import { Button } from "../ui/Button.tsx";
import { Form } from "../ui/Form.tsx";
import { Page, Section } from "../ui/Page.tsx";
import { TextField } from "../ui/TextField.tsx";
import { showDone } from "../ui/toasts.ts";
import { useWords } from "../words/words.tsx";

export function SettingsPage() {
  const words = useWords().settings;
  const { church } = useMe();
  const mayChange = useMay("church.manage");
  const queries = useQueryClient();
  const [name, setName] = useState(church.name);
  const [timezone, setTimezone] = useState(church.timezone);
  const saving = useMutation({
    mutationFn: () => ok(api.PATCH("/api/auth/church", { body: { name, timezone } })),
    meta: { isShown: true },
    async onSuccess() {
      await queries.invalidateQueries({ queryKey: meQuery.queryKey });
      showDone(words.saved);
    },
  });
  return (
    <Page title={words.title} width="narrow">
      <Section title={words.church}>
        <Form
          error={saving.error}
          onSubmit={() => saving.mutate()}
          actions={
            mayChange && (
              <Button type="submit" kind="primary" isPending={saving.isPending}>
                {words.save}
              </Button>
            )
          }
        >
          <TextField
            name="name"
            label={words.churchName}
            isRequired
            isReadOnly={!mayChange}
            maxLength={100}
            value={name}
            onChange={setName}
          />
          {mayChange && (
            <ZoneField label={words.timezone} value={timezone} onChange={setTimezone} />
          )}
        </Form>
      </Section>
    </Page>
  );
}
