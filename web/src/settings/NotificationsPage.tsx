import {
  type NotificationChoice,
  type NotificationKind,
  type NotificationPreferences,
  ok,
} from "@koinonia/client";
import { useQuery } from "@tanstack/react-query";
import { api } from "../api/client.ts";
import { queryClient } from "../api/queries.ts";
import { preferencesQuery } from "../notifications/queries.ts";
import { ZoneField } from "../sign-in/ZoneField.tsx";
import { FieldRow } from "../ui/Form.tsx";
import { Section } from "../ui/Page.tsx";
import { Row, Rows } from "../ui/Rows.tsx";
import { Select } from "../ui/Select.tsx";
import { Skeleton } from "../ui/Spinner.tsx";
import { ErrorState } from "../ui/States.tsx";
import { TextField } from "../ui/TextField.tsx";
import { Switch } from "../ui/Toggles.tsx";
import { useWords } from "../words/words.tsx";
import styles from "./Layout.module.css";
import { SettingsForm } from "./SettingsForm.tsx";

const MAILS = ["off", "soon", "daily"] as const;

/** How one wants to be told of what. */
export function NotificationsPage() {
  const { data, error, refetch } = useQuery(preferencesQuery);
  if (error !== null && !data) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton lines={8} />;
  return (
    <>
      <Kinds preferences={data} />
      <Hours preferences={data} />
    </>
  );
}

function Kinds({ preferences }: { preferences: NotificationPreferences }) {
  const words = useWords().notifications;
  return (
    <Section title={words.preferences} note={words.kindsWhy}>
      <SettingsForm
        saved={{ kinds: preferences.kinds }}
        save={(body) => ok(api.PATCH("/api/notifications/preferences", { body }))}
        keep={keep}
        touches={[]}
      >
        {({ kinds }, change) => (
          <Rows label={words.preferences}>
            {kinds.map((each) => (
              <Kind
                key={each.kind}
                choice={each}
                onChange={(changed) =>
                  change({ kinds: kinds.map((one) => (one.kind === changed.kind ? changed : one)) })
                }
              />
            ))}
          </Rows>
        )}
      </SettingsForm>
    </Section>
  );
}

function Kind(props: {
  choice: NotificationChoice;
  onChange: (choice: NotificationChoice) => void;
}) {
  const words = useWords().notifications;
  const { choice, onChange } = props;
  const name = words.kinds[choice.kind satisfies NotificationKind];
  return (
    <Row
      title={name}
      actions={
        <>
          <Switch
            aria-label={`${words.inApp}: ${name}`}
            isSelected={choice.inApp}
            onChange={(inApp) => onChange({ ...choice, inApp })}
          >
            {words.inApp}
          </Switch>
          <div className={styles.mail}>
            <Select
              aria-label={`${words.mail}: ${name}`}
              label={words.mail}
              choices={MAILS.map((id) => ({ id, name: words.mails[id] }))}
              value={choice.mail}
              onChange={(mail) => onChange({ ...choice, mail })}
            />
          </div>
        </>
      }
    />
  );
}

function Hours({ preferences }: { preferences: NotificationPreferences }) {
  const words = useWords().notifications;
  const { kinds: _kinds, ...saved } = preferences;
  return (
    <Section title={words.hours} note={words.hoursWhy}>
      <SettingsForm
        saved={saved}
        save={(body) => ok(api.PATCH("/api/notifications/preferences", { body }))}
        keep={keep}
        touches={[]}
      >
        {(hours, change) => (
          <>
            <ZoneField
              label={words.timezone}
              value={hours.timezone}
              onChange={(timezone) => change({ timezone })}
            />
            <FieldRow>
              {(["quietFrom", "quietUntil", "digestAt"] as const).map((name) => (
                <TextField
                  key={name}
                  name={name}
                  type="time"
                  label={words[name]}
                  isRequired
                  value={hours[name]}
                  onChange={(value) => change({ [name]: value })}
                />
              ))}
            </FieldRow>
          </>
        )}
      </SettingsForm>
    </Section>
  );
}

function keep(preferences: NotificationPreferences) {
  queryClient.setQueryData(preferencesQuery.queryKey, preferences);
}
