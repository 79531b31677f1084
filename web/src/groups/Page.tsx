import { type Branch, type Group, ok } from "@koinonia/client";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { api } from "../api/client.ts";
import { useMay } from "../api/queries.ts";
import { Badge } from "../ui/Badge.tsx";
import { Button, IconButton } from "../ui/Button.tsx";
import { RemoveDialog } from "../ui/EditDialog.tsx";
import { ListState } from "../ui/ListState.tsx";
import { Menu, MenuItem } from "../ui/Menu.tsx";
import { Page, Section } from "../ui/Page.tsx";
import { Row, Rows } from "../ui/Rows.tsx";
import { Skeleton } from "../ui/Spinner.tsx";
import { EmptyState, ErrorState } from "../ui/States.tsx";
import { useWords } from "../words/words.tsx";
import { BranchDialog } from "./BranchDialog.tsx";
import { GroupDialog } from "./GroupDialog.tsx";
import { keywordsQuery } from "./keywords.ts";
import { branchesQuery, groupsQuery } from "./queries.ts";

/** Branches, and in each its groups. */
export function GroupsPage() {
  const words = useWords().groups;
  const mayManage = useMay("people.manage");
  const branches = useQuery(branchesQuery);
  const groups = useQuery(groupsQuery);
  const [isAdding, setAdding] = useState<"group" | "branch">();
  const close = () => setAdding(undefined);
  const hasBranch = (branches.data?.length ?? 0) > 0;
  return (
    <Page
      title={words.title}
      lead={words.lead}
      actions={
        mayManage && (
          <>
            <Button icon="plus" onPress={() => setAdding("branch")}>
              {words.addBranch}
            </Button>
            {hasBranch && (
              <Button kind="primary" icon="plus" onPress={() => setAdding("group")}>
                {words.addGroup}
              </Button>
            )}
          </>
        )
      }
    >
      <ListState
        query={branches}
        empty={
          <EmptyState
            icon="group"
            title={words.empty}
            action={
              mayManage && (
                <Button kind="primary" icon="plus" onPress={() => setAdding("branch")}>
                  {words.addBranch}
                </Button>
              )
            }
          >
            {words.emptyWhy}
          </EmptyState>
        }
      >
        {(all) =>
          groups.error !== null && !groups.data ? (
            <ErrorState error={groups.error} onRetry={() => void groups.refetch()} />
          ) : (
            all.map((branch) => (
              <BranchSection key={branch.id} branch={branch} groups={groups.data} />
            ))
          )
        }
      </ListState>
      {isAdding === "branch" && <BranchDialog onClose={close} />}
      {isAdding === "group" && <GroupDialog branchId={branches.data?.[0]?.id} onClose={close} />}
    </Page>
  );
}

function BranchSection({ branch, groups }: { branch: Branch; groups: Group[] | undefined }) {
  const words = useWords().groups;
  const within = groups?.filter(({ branchId }) => branchId === branch.id);
  const { data: keywords = [] } = useQuery(keywordsQuery);
  return (
    <Section
      title={branch.name}
      note={words.people(branch.memberCount)}
      actions={<BranchActions branch={branch} />}
    >
      {within === undefined && <Skeleton lines={3} />}
      {within?.length === 0 && <p className="muted">{words.noGroups}</p>}
      {within && within.length > 0 && (
        <Rows label={branch.name}>
          {within.map((group) => (
            <Row
              key={group.id}
              title={
                <Link to="/groups/$groupId" params={{ groupId: group.id }}>
                  {group.name}
                </Link>
              }
              badges={keywords
                .filter(({ groupId, isActive }) => groupId === group.id && isActive)
                .map(({ id, word }) => (
                  <Badge key={id} tone="info">
                    {word}
                  </Badge>
                ))}
              note={words.people(group.memberCount)}
            />
          ))}
        </Rows>
      )}
    </Section>
  );
}

function BranchActions({ branch }: { branch: Branch }) {
  const all = useWords();
  const words = all.groups;
  const mayManage = useMay("people.manage");
  const [task, setTask] = useState<"add" | "edit" | "remove">();
  const close = () => setTask(undefined);
  if (!mayManage) return null;
  const path = { branchId: branch.id };
  return (
    <>
      <Menu
        label={words.actionsOf(branch.name)}
        trigger={<IconButton icon="more" label={words.actionsOf(branch.name)} />}
      >
        <MenuItem id="add" icon="plus" onAction={() => setTask("add")}>
          {words.addGroup}
        </MenuItem>
        <MenuItem id="edit" icon="edit" onAction={() => setTask("edit")}>
          {words.rename}
        </MenuItem>
        <MenuItem id="remove" icon="trash" isDanger onAction={() => setTask("remove")}>
          {all.common.remove}
        </MenuItem>
      </Menu>
      {task === "add" && <GroupDialog branchId={branch.id} onClose={close} />}
      {task === "edit" && <BranchDialog branch={branch} onClose={close} />}
      {task === "remove" && (
        <RemoveDialog
          title={words.removeOne(branch.name)}
          remove={() => ok(api.DELETE("/api/branches/{branchId}", { params: { path } }))}
          touches={["branches", "groups"]}
          done={words.removed(branch.name)}
          onClose={close}
        >
          {words.removeBranchWhy}
        </RemoveDialog>
      )}
    </>
  );
}
