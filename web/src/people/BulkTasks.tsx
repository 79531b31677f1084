import { ok, type PeopleFilter } from "@koinonia/client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../api/client.ts";
import { groupsQuery } from "../groups/queries.ts";
import { Button } from "../ui/Button.tsx";
import { ComboBox } from "../ui/ComboBox.tsx";
import { Confirm, Dialog } from "../ui/Dialog.tsx";
import { ListState } from "../ui/ListState.tsx";
import { FormError } from "../ui/States.tsx";
import { showDone } from "../ui/toasts.ts";
import { useWords } from "../words/words.tsx";

/** Those who are ticked, or everybody whom a filter means. */
export type Chosen = { ids: string[] } | { filter: PeopleFilter; count: number };

export type GroupTask = "join" | "leave" | "move";

/** `from` is the group that is left by who moves. */
export function GroupsTask(props: {
  task: GroupTask;
  from?: string | undefined;
  chosen: Chosen;
  onClose: () => void;
}) {
  const all = useWords();
  const words = all.people;
  const { task, from, chosen, onClose } = props;
  const groups = useQuery(groupsQuery);
  const [groupId, setGroupId] = useState<string | null>(null);
  const changing = useGroupChange(chosen, onClose);
  const title = { join: words.joinGroup, leave: words.leaveGroup, move: words.moveGroup }[task];
  const change = (id: string) => {
    if (task === "move") return { join: [id], leave: from === undefined ? [] : [from] };
    return task === "join" ? { join: [id] } : { leave: [id] };
  };
  return (
    <Dialog
      title={title}
      isOpen
      onClose={onClose}
      size="s"
      actions={
        <>
          <Button onPress={onClose}>{all.common.cancel}</Button>
          <Button
            kind="primary"
            isDisabled={groupId === null}
            isPending={changing.isPending}
            onPress={() => groupId !== null && changing.mutate(change(groupId))}
          >
            {title}
          </Button>
        </>
      }
    >
      <p>{words.selected(countOf(chosen))}</p>
      <ListState query={groups} empty={<p className="muted">{all.groups.empty}</p>}>
        {(choices) => (
          <ComboBox
            label={words.group}
            choices={choices
              .filter(({ id }) => task !== "move" || id !== from)
              .map(({ id, name, branchName }) => ({ id, name, note: branchName }))}
            value={groupId}
            onChange={setGroupId}
          />
        )}
      </ListState>
      <FormError error={changing.error} />
    </Dialog>
  );
}

export function countOf(chosen: Chosen): number {
  return "ids" in chosen ? chosen.ids.length : chosen.count;
}

interface GroupChange {
  join?: string[];
  leave?: string[];
}

function useGroupChange(chosen: Chosen, onDone: () => void) {
  const words = useWords().people;
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (change: GroupChange) => changeGroups(chosen, change),
    meta: { isShown: true },
    async onSuccess(changed) {
      showDone(words.changed(changed));
      onDone();
    },
    onSettled: () =>
      Promise.all(
        ["members", "groups", "branches"].map((resource) =>
          queries.invalidateQueries({ queryKey: [resource] }),
        ),
      ),
  });
}

/** How many were changed. After a failure it can begin anew: what is done is not done twice. */
async function changeGroups(chosen: Chosen, change: GroupChange): Promise<number> {
  if ("ids" in chosen) {
    const body = { memberIds: chosen.ids, ...change };
    return (await ok(api.POST("/api/members/bulk/groups", { body }))).changed;
  }
  let changed = 0;
  let cursor: string | null = null;
  do {
    const body = { filter: chosen.filter, ...change, ...(cursor === null ? {} : { cursor }) };
    const done: { changed: number; nextCursor: string | null } = await ok(
      api.POST("/api/members/bulk/groups/by-filter", { body }),
    );
    changed += done.changed;
    cursor = done.nextCursor;
  } while (cursor !== null);
  return changed;
}

export function RemoveTask(props: { ids: string[]; onClose: () => void; onRemoved: () => void }) {
  const words = useWords().people;
  const queries = useQueryClient();
  const { ids } = props;
  const removing = useMutation({
    mutationFn: () => ok(api.POST("/api/members/bulk/remove", { body: { memberIds: ids } })),
    async onSuccess({ changed }) {
      await queries.invalidateQueries({ queryKey: ["members"] });
      showDone(words.removed(changed));
      props.onRemoved();
    },
  });
  return (
    <Confirm
      title={words.removeMany(ids.length)}
      action={words.removeMany(ids.length)}
      isDanger
      isOpen
      isPending={removing.isPending}
      onClose={props.onClose}
      onConfirm={() => removing.mutate()}
    >
      <p>{words.removeWhy}</p>
    </Confirm>
  );
}
