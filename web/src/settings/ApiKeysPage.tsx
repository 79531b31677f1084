import { type ApiKey, type NewApiKey, ok, type Permission } from "@koinonia/client";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useChurchFormat } from "../api/churchFormat.ts";
import { api } from "../api/client.ts";
import { useMe } from "../api/queries.ts";
import { Badge } from "../ui/Badge.tsx";
import { Button, IconButton } from "../ui/Button.tsx";
import { CheckList } from "../ui/CheckList.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { EditDialog, RemoveDialog } from "../ui/EditDialog.tsx";
import { ListState } from "../ui/ListState.tsx";
import { Section } from "../ui/Page.tsx";
import { Row, Rows } from "../ui/Rows.tsx";
import { Select } from "../ui/Select.tsx";
import { TextField } from "../ui/TextField.tsx";
import { showDone } from "../ui/toasts.ts";
import { useFormat } from "../words/format.ts";
import { useWords } from "../words/words.tsx";
import styles from "./Layout.module.css";
import { apiKeysQuery } from "./queries.ts";

const TOUCHES = ["api-keys"];
const LIFETIMES = ["30", "90", "180", "366"] as const;
/** What only a person has; auth refuses it for a key. */
const OF_PEOPLE: readonly Permission[] = [
  "auth.own",
  "auth.read",
  "keys.manage",
  "messages.own",
  "team.manage",
];

/** Keys by which other programs work for the church. */
export function ApiKeysPage() {
  const words = useWords().apiKeys;
  const [isMaking, setMaking] = useState(false);
  const [removed, setRemoved] = useState<ApiKey>();
  return (
    <Section
      title={words.title}
      note={words.why}
      actions={
        <Button size="s" icon="plus" onPress={() => setMaking(true)}>
          {words.make}
        </Button>
      }
    >
      <ListState query={useQuery(apiKeysQuery)} empty={<p className="muted">{words.none}</p>}>
        {(keys) => (
          <Rows label={words.title}>
            {keys.map((key) => (
              <KeyRow key={key.id} apiKey={key} onRemove={() => setRemoved(key)} />
            ))}
          </Rows>
        )}
      </ListState>
      {isMaking && <MakeDialog onClose={() => setMaking(false)} />}
      {removed && <Removal apiKey={removed} onClose={() => setRemoved(undefined)} />}
    </Section>
  );
}

function KeyRow({ apiKey, onRemove }: { apiKey: ApiKey; onRemove: () => void }) {
  const { apiKeys: words, settings } = useWords();
  const church = useChurchFormat();
  const format = useFormat();
  const isOver = new Date(apiKey.expiresAt) <= new Date();
  const day = church.day(apiKey.expiresAt);
  return (
    <Row
      title={apiKey.name}
      badges={isOver && <Badge tone="warning">{words.expired}</Badge>}
      note={
        <>
          {words.ending(apiKey.hint)} · {isOver ? words.over(day) : words.until(day)} ·{" "}
          {apiKey.lastUsedAt === null ? words.neverUsed : words.used(format.ago(apiKey.lastUsedAt))}
          <br />
          {words.may(apiKey.permissions.map(words.permission).join(", "))}
        </>
      }
      actions={
        <IconButton
          icon="trash"
          size="s"
          label={settings.removeOne(apiKey.name)}
          onPress={onRemove}
        />
      }
    />
  );
}

function Removal({ apiKey, onClose }: { apiKey: ApiKey; onClose: () => void }) {
  const { apiKeys: words, settings } = useWords();
  const path = { keyId: apiKey.id };
  return (
    <RemoveDialog
      title={settings.removeOne(apiKey.name)}
      remove={() => ok(api.DELETE("/api/auth/keys/{keyId}", { params: { path } }))}
      touches={TOUCHES}
      done={settings.removed(apiKey.name)}
      onClose={onClose}
    >
      {words.removeWhy}
    </RemoveDialog>
  );
}

function MakeDialog({ onClose }: { onClose: () => void }) {
  const [made, setMade] = useState<NewApiKey>();
  if (made === undefined) return <MakeForm onMade={setMade} onClose={onClose} />;
  return <Made made={made} onClose={onClose} />;
}

function MakeForm(props: { onMade: (made: NewApiKey) => void; onClose: () => void }) {
  const words = useWords().apiKeys;
  const { permissions: own } = useMe();
  const [name, setName] = useState("");
  const [permissions, setPermissions] = useState<Permission[]>([]);
  const [days, setDays] = useState<(typeof LIFETIMES)[number]>("90");
  const body = { name, permissions, expiresInDays: Number(days) };
  const choices = own
    .filter((each) => !OF_PEOPLE.includes(each))
    .map((id) => ({ id, name: words.permission(id) }));
  return (
    <EditDialog
      title={words.make}
      submit={words.make}
      isDirty={name !== "" || permissions.length > 0}
      save={(key) =>
        ok(api.POST("/api/auth/keys", { params: { header: { "Idempotency-Key": key } }, body }))
      }
      touches={TOUCHES}
      onSaved={props.onMade}
      onClose={props.onClose}
    >
      <TextField
        name="name"
        label={words.name}
        hint={words.nameHint}
        isRequired
        autoFocus
        maxLength={80}
        value={name}
        onChange={setName}
      />
      <CheckList
        label={words.permissions}
        isRequired
        choices={choices}
        value={permissions}
        onChange={setPermissions}
      />
      <Select
        label={words.lifetime}
        choices={LIFETIMES.map((id) => ({ id, name: words.days(Number(id)) }))}
        value={days}
        onChange={setDays}
      />
    </EditDialog>
  );
}

/** The key, which can be read at this moment only. */
function Made({ made, onClose }: { made: NewApiKey; onClose: () => void }) {
  const { apiKeys: words, common } = useWords();
  return (
    <Dialog title={made.name} isOpen onClose={onClose}>
      <p>{words.shownOnce(made.name)}</p>
      <p className={styles.invited}>{made.key}</p>
      <div>
        <Button
          kind="primary"
          icon="copy"
          onPress={async () => {
            await navigator.clipboard.writeText(made.key);
            showDone(common.copied);
          }}
        >
          {common.copy}
        </Button>{" "}
        <Button onPress={onClose}>{common.close}</Button>
      </div>
    </Dialog>
  );
}
