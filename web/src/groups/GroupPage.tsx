import { type Group, ok } from "@koinonia/client";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { api } from "../api/client.ts";
import { useMay } from "../api/queries.ts";
import { People } from "../people/People.tsx";
import { countQuery } from "../people/queries.ts";
import { Button, IconButton } from "../ui/Button.tsx";
import { RemoveDialog } from "../ui/EditDialog.tsx";
import { Menu, MenuItem } from "../ui/Menu.tsx";
import { Page } from "../ui/Page.tsx";
import { Skeleton } from "../ui/Spinner.tsx";
import { EmptyState, ErrorState } from "../ui/States.tsx";
import { useWords } from "../words/words.tsx";
import { AddMembers } from "./AddMembers.tsx";
import { GroupDialog } from "./GroupDialog.tsx";
import { GroupKeywords } from "./GroupKeywords.tsx";

/** A group: its people, and the keywords that fill it. */
export function GroupPage() {
  const words = useWords().groups;
  const { groupId } = useParams({ from: "/within/groups/$groupId" });
  const query = useQuery({
    queryKey: ["groups", groupId],
    queryFn: ({ signal }) =>
      ok(api.GET("/api/groups/{groupId}", { params: { path: { groupId } }, signal })),
  });
  const { data: group, error, refetch } = query;
  return (
    <Page
      title={group?.name ?? words.title}
      {...(group ? { lead: `${group.branchName} · ${words.people(group.memberCount)}` } : {})}
      back={<Link to="/groups">{words.title}</Link>}
      actions={group && <Actions group={group} />}
    >
      {error !== null && !group && <ErrorState error={error} onRetry={() => void refetch()} />}
      {error === null && !group && <Skeleton lines={8} />}
      {group && (
        <>
          <GroupKeywords group={group} />
          <Members group={group} />
        </>
      )}
    </Page>
  );
}

function Members({ group }: { group: Group }) {
  const words = useWords().groups;
  const search = { group: group.id, sort: "name" } as const;
  const { data: total = null } = useQuery(countQuery(search));
  return (
    <People
      search={search}
      total={total}
      nobody={
        <EmptyState icon="person" title={words.nobody}>
          {words.nobodyWhy}
        </EmptyState>
      }
    />
  );
}

function Actions({ group }: { group: Group }) {
  const all = useWords();
  const words = all.groups;
  const navigate = useNavigate();
  const mayWork = useMay("people.work");
  const mayManage = useMay("people.manage");
  const [task, setTask] = useState<"add" | "edit" | "remove">();
  const close = () => setTask(undefined);
  const path = { groupId: group.id };
  return (
    <>
      {mayWork && (
        <Button kind="primary" icon="plus" onPress={() => setTask("add")}>
          {words.addPeople}
        </Button>
      )}
      {mayManage && (
        <Menu
          label={words.actionsOf(group.name)}
          trigger={<IconButton icon="more" label={words.actionsOf(group.name)} />}
        >
          <MenuItem id="edit" icon="edit" onAction={() => setTask("edit")}>
            {words.editGroup}
          </MenuItem>
          <MenuItem id="remove" icon="trash" isDanger onAction={() => setTask("remove")}>
            {all.common.remove}
          </MenuItem>
        </Menu>
      )}
      {task === "add" && <AddMembers group={group} onClose={close} />}
      {task === "edit" && <GroupDialog group={group} onClose={close} />}
      {task === "remove" && (
        <RemoveDialog
          title={words.removeOne(group.name)}
          remove={async () => {
            await ok(api.DELETE("/api/groups/{groupId}", { params: { path } }));
            await navigate({ to: "/groups" });
          }}
          touches={["groups", "branches", "members"]}
          done={words.removed(group.name)}
          onClose={close}
        >
          {words.removeGroupWhy}
        </RemoveDialog>
      )}
    </>
  );
}
