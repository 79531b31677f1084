import { type Invitation, type InvitationMade, ok, type Role } from "@koinonia/client";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useChurchFormat } from "../api/churchFormat.ts";
import { api } from "../api/client.ts";
import { useMe } from "../api/queries.ts";
import { Badge } from "../ui/Badge.tsx";
import { Button, IconButton } from "../ui/Button.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { EditDialog, RemoveDialog } from "../ui/EditDialog.tsx";
import { FieldRow } from "../ui/Form.tsx";
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
                badges={
                  <>
                    <Badge>{words.roles[invitation.role]}</Badge>
                    {invitation.emailTrouble !== null && (
                      <Badge tone="warning">{words.getsNoMail}</Badge>
                    )}
                  </>
                }
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
  if (made === undefined) return <InviteForm onMade={setMade} onClose={onClose} />;
  return (
    <Dialog title={words.invite} isOpen onClose={onClose}>
      <Made invitation={made} onClose={onClose} />
    </Dialog>
  );
}

function InviteForm(props: { onMade: (made: InvitationMade) => void; onClose: () => void }) {
  const settings = useWords().settings;
  const { admin } = useMe();
  const [email, setEmail] = useState("");
  const [firstName, setFirstName] = useState("");
  const [lastName, setLastName] = useState("");
  const [role, setRole] = useState<Role>("staff");
  const body = { email, role, firstName: firstName || null, lastName: lastName || null };
  return (
    <EditDialog
      title={settings.invite}
      submit={settings.invite}
      isDirty={email + firstName + lastName !== ""}
      save={(key) =>
        ok(
          api.POST("/api/auth/invitations", {
            params: { header: { "Idempotency-Key": key } },
            body,
          }),
        )
      }
      touches={["invitations"]}
      onSaved={props.onMade}
      onClose={props.onClose}
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
    </EditDialog>
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
      <p>
        {invitation.emailTrouble === null
          ? words.settings.mailedTo(invitation.email)
          : words.settings.passOn(invitation.email)}
      </p>
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
