import { type Colleague, ok, type Role } from "@koinonia/client";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../api/client.ts";
import { useMay, useMe } from "../api/queries.ts";
import { nameOf } from "../shell/AccountMenu.tsx";
import { Avatar } from "../ui/Avatar.tsx";
import { Badge } from "../ui/Badge.tsx";
import { IconButton } from "../ui/Button.tsx";
import { EditDialog, RemoveDialog } from "../ui/EditDialog.tsx";
import { ListState } from "../ui/ListState.tsx";
import { Section } from "../ui/Page.tsx";
import { RadioGroup } from "../ui/RadioGroup.tsx";
import { Row, Rows } from "../ui/Rows.tsx";
import { useFormat } from "../words/format.ts";
import { useWords } from "../words/words.tsx";
import { Invitations } from "./Invitations.tsx";
import { teamQuery } from "./queries.ts";
import { rolesUpTo } from "./roles.ts";

/** Who works here, what they may do, and who is invited. */
export function TeamPage() {
  const words = useWords().settings;
  const mayManage = useMay("team.manage");
  return (
    <>
      <Section title={words.sections.team} note={words.teamWhy}>
        <ListState query={useQuery(teamQuery)} empty={null}>
          {(team) => (
            <Rows label={words.sections.team}>
              {team.map((colleague) => (
                <ColleagueRow key={colleague.id} colleague={colleague} />
              ))}
            </Rows>
          )}
        </ListState>
      </Section>
      {mayManage && <Invitations />}
    </>
  );
}

function ColleagueRow({ colleague }: { colleague: Colleague }) {
  const words = useWords().settings;
  const format = useFormat();
  const { admin } = useMe();
  const mayManage = useMay("team.manage");
  const [task, setTask] = useState<"role" | "remove">();
  const close = () => setTask(undefined);
  const name = nameOf(colleague);
  const isSelf = colleague.id === admin.id;
  const seen =
    colleague.lastSeenAt === null ? words.notSeen : words.seen(format.ago(colleague.lastSeenAt));
  return (
    <Row
      lead={<Avatar name={name} size="s" />}
      title={name}
      badges={
        <>
          <Badge tone={colleague.role === "owner" ? "accent" : "neutral"}>
            {words.roles[colleague.role]}
          </Badge>
          {isSelf && <Badge>{words.itIsYou}</Badge>}
          {colleague.emailTrouble !== null && <Badge tone="warning">{words.getsNoMail}</Badge>}
        </>
      }
      note={`${colleague.email} · ${seen}`}
      actions={
        mayManage &&
        !isSelf && (
          <>
            <IconButton
              icon="edit"
              size="s"
              label={words.change(name)}
              onPress={() => setTask("role")}
            />
            <IconButton
              icon="trash"
              size="s"
              label={words.removeOne(name)}
              onPress={() => setTask("remove")}
            />
            {task === "role" && <RoleDialog colleague={colleague} onClose={close} />}
            {task === "remove" && <RemoveColleague colleague={colleague} onClose={close} />}
          </>
        )
      }
    />
  );
}

function RoleDialog({ colleague, onClose }: { colleague: Colleague; onClose: () => void }) {
  const words = useWords().settings;
  const { admin } = useMe();
  const [role, setRole] = useState<Role>(colleague.role);
  return (
    <EditDialog
      title={words.roleOf(nameOf(colleague))}
      isDirty={role !== colleague.role}
      save={() =>
        ok(
          api.PATCH("/api/auth/team/{adminId}", {
            params: { path: { adminId: colleague.id } },
            body: { role },
          }),
        )
      }
      touches={["team"]}
      done={words.saved}
      onClose={onClose}
    >
      <RadioGroup
        label={words.role}
        choices={rolesUpTo(admin.role).map((id) => ({
          id,
          name: words.roles[id],
          note: words.rolesWhy[id],
        }))}
        value={role}
        onChange={setRole}
      />
    </EditDialog>
  );
}

function RemoveColleague({ colleague, onClose }: { colleague: Colleague; onClose: () => void }) {
  const words = useWords().settings;
  const name = nameOf(colleague);
  const path = { adminId: colleague.id };
  return (
    <RemoveDialog
      title={words.removeOne(name)}
      remove={() => ok(api.DELETE("/api/auth/team/{adminId}", { params: { path } }))}
      touches={["team"]}
      done={words.removed(name)}
      onClose={onClose}
    >
      {words.removeColleagueWhy}
    </RemoveDialog>
  );
}
