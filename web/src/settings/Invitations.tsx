import { type Invitation, type InvitationMade, ok, type Role } from "@koinonia/client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useChurchFormat } from "../api/churchFormat.ts";
import { api } from "../api/client.ts";
import { useIdempotencyKey } from "../api/idempotency.ts";
import { useMe } from "../api/queries.ts";
import { Badge } from "../ui/Badge.tsx";
import { Button, IconButton } from "../ui/Button.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { RemoveDialog } from "../ui/EditDialog.tsx";
import { FieldRow, Form } from "../ui/Form.tsx";
import { ListState } from "../ui/ListState.tsx";
import { Section } from "../ui/Page.tsx";
import { RadioGroup } from "../ui/RadioGroup.tsx";
import { Row, Rows } from "../ui/Rows.tsx";
import { TextField } from "../ui/TextField.tsx";
import { showDone } from "../ui/toasts.ts";
import { useWords } from "../words/words.tsx";
import styles from "./Layout.module.css";
import { invitationsQuery } from "./queries.ts";
import { rolesUpTo } from "./roles.ts";

/** Who was asked to join the team and has not yet. */
export function Invitations() {
  const words = useWords().settings;
  const format = useChurchFormat();
  const [isInviting, setInviting] = useState(false);
  const [removed, setRemoved] = useState<Invitation>();
  return (
    <Section
      title={words.invitations}
      note={words.invitationsWhy}
      actions={
        <Button size="s" icon="plus" onPress={() => setInviting(true)}>
          {words.invite}
        </Button>
      }
    >
      <ListState
        query={useQuery(invitationsQuery)}
        empty={<p className="muted">{words.noInvitations}</p>}
      >
        {(invitations) => (
          <Rows label={words.invitations}>
            {invitations.map((invitation) => (
              <Row
                key={invitation.id}
                title={invitation.email}
                badges={<Badge>{words.roles[invitation.role]}</Badge>}
                note={words.validUntil(format.moment(invitation.expiresAt))}
                actions={
                  <IconButton
                    icon="trash"
                    size="s"
                    label={words.removeOne(invitation.email)}
                    onPress={() => setRemoved(invitation)}
                  />
                }
              />
            ))}
          </Rows>
        )}
      </ListState>
      {isInviting && <InviteDialog onClose={() => setInviting(false)} />}
      {removed && (
        <RemoveDialog
          title={words.removeOne(removed.email)}
          remove={() =>
            ok(
              api.DELETE("/api/auth/invitations/{invitationId}", {
                params: { path: { invitationId: removed.id } },
              }),
            )
          }
          touches={["invitations"]}
          done={words.removed(removed.email)}
          onClose={() => setRemoved(undefined)}
        >
          {words.removeInvitationWhy}
        </RemoveDialog>
      )}
    </Section>
  );
}

function InviteDialog({ onClose }: { onClose: () => void }) {
  const words = useWords().settings;
  const [made, setMade] = useState<InvitationMade>();
  return (
    <Dialog title={words.invite} isOpen onClose={onClose}>
      {made === undefined ? (
        <InviteForm onMade={setMade} onClose={onClose} />
      ) : (
        <Made invitation={made} onClose={onClose} />
      )}
    </Dialog>
  );
}

function InviteForm(props: { onMade: (made: InvitationMade) => void; onClose: () => void }) {
  const words = useWords();
  const { admin } = useMe();
  const queries = useQueryClient();
  const [key] = useIdempotencyKey();
  const [email, setEmail] = useState("");
  const [firstName, setFirstName] = useState("");
  const [lastName, setLastName] = useState("");
  const [role, setRole] = useState<Role>("staff");
  const inviting = useMutation({
    mutationFn: () =>
      ok(
        api.POST("/api/auth/invitations", {
          params: { header: { "Idempotency-Key": key } },
          body: { email, role, firstName: firstName || null, lastName: lastName || null },
        }),
      ),
    meta: { isShown: true },
    async onSuccess(made) {
      await queries.invalidateQueries({ queryKey: invitationsQuery.queryKey });
      props.onMade(made);
    },
  });
  const { settings } = words;
  return (
    <Form
      error={inviting.error}
      onSubmit={() => inviting.mutate()}
      actions={
        <>
          <Button onPress={props.onClose}>{words.common.cancel}</Button>
          <Button type="submit" kind="primary" isPending={inviting.isPending}>
            {settings.invite}
          </Button>
        </>
      }
    >
      <TextField
        name="email"
        type="email"
        label={settings.email}
        isRequired
        autoFocus
        value={email}
        onChange={setEmail}
      />
      <FieldRow>
        <TextField
          name="firstName"
          label={settings.firstName}
          value={firstName}
          onChange={setFirstName}
        />
        <TextField
          name="lastName"
          label={settings.lastName}
          value={lastName}
          onChange={setLastName}
        />
      </FieldRow>
      <RoleChoice role={role} ownRole={admin.role} onChange={setRole} />
    </Form>
  );
}

function RoleChoice(props: { role: Role; ownRole: Role; onChange: (role: Role) => void }) {
  const words = useWords().settings;
  return (
    <RadioGroup
      label={words.role}
      choices={rolesUpTo(props.ownRole).map((id) => ({
        id,
        name: words.roles[id],
        note: words.rolesWhy[id],
      }))}
      value={props.role}
      onChange={props.onChange}
    />
  );
}

/** The link, which can be read at this moment only. */
function Made({ invitation, onClose }: { invitation: InvitationMade; onClose: () => void }) {
  const words = useWords();
  return (
    <>
      <p>{words.settings.passOn(invitation.email)}</p>
      <p className={styles.invited}>{invitation.link}</p>
      <div>
        <Button
          kind="primary"
          icon="copy"
          onPress={async () => {
            await navigator.clipboard.writeText(invitation.link);
            showDone(words.common.copied);
          }}
        >
          {words.common.copy}
        </Button>{" "}
        <Button onPress={onClose}>{words.common.close}</Button>
      </div>
    </>
  );
}
