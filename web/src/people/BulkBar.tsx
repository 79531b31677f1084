import { type Member, ok } from "@koinonia/client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../api/client.ts";
import { useMay } from "../api/queries.ts";
import { groupsQuery } from "../groups/queries.ts";
import { Button } from "../ui/Button.tsx";
import { ComboBox } from "../ui/ComboBox.tsx";
import { Confirm, Dialog } from "../ui/Dialog.tsx";
import { Checkbox } from "../ui/Toggles.tsx";
import { showDone } from "../ui/toasts.ts";
import { useWords } from "../words/words.tsx";
import styles from "./BulkBar.module.css";

type Task = "join" | "leave" | "remove";

/** What can be done with all who are ticked. */
export function BulkBar(props: {
  selected: ReadonlySet<string>;
  loaded: Member[];
  onSelect: (ids: ReadonlySet<string>) => void;
}) {
  const words = useWords().people;
  const mayManage = useMay("people.manage");
  const [task, setTask] = useState<Task>();
  const { selected, loaded, onSelect } = props;
  const close = () => setTask(undefined);
  const isAll = selected.size > 0 && loaded.every(({ id }) => selected.has(id));
  return (
    <div className={styles.bar} data-active={selected.size > 0}>
      <Checkbox
        isSelected={isAll}
        isIndeterminate={selected.size > 0 && !isAll}
        onChange={(isOn) => onSelect(new Set(isOn ? loaded.map(({ id }) => id) : []))}
      >
        {selected.size === 0 ? words.selectLoaded(loaded.length) : words.selected(selected.size)}
      </Checkbox>
      {selected.size > 0 && (
        <div className={styles.actions}>
          <Button size="s" onPress={() => setTask("join")}>
            {words.joinGroup}
          </Button>
          <Button size="s" onPress={() => setTask("leave")}>
            {words.leaveGroup}
          </Button>
          {mayManage && (
            <Button size="s" onPress={() => setTask("remove")}>
              {words.removePeople}
            </Button>
          )}
        </div>
      )}
      {(task === "join" || task === "leave") && (
        <GroupsTask task={task} ids={[...selected]} onClose={close} />
      )}
      {task === "remove" && (
        <RemoveTask
          ids={[...selected]}
          onClose={close}
          onRemoved={() => {
            onSelect(new Set());
            close();
          }}
        />
      )}
    </div>
  );
}

function GroupsTask(props: { task: "join" | "leave"; ids: string[]; onClose: () => void }) {
  const all = useWords();
  const words = all.people;
  const { task, ids, onClose } = props;
  const { data: groups } = useQuery(groupsQuery);
  const [groupId, setGroupId] = useState<string | null>(null);
  const queries = useQueryClient();
  const changing = useMutation({
    mutationFn: (id: string) =>
      ok(api.POST("/api/members/bulk/groups", { body: { memberIds: ids, [task]: [id] } })),
    async onSuccess({ changed }) {
      await Promise.all([
        queries.invalidateQueries({ queryKey: ["members"] }),
        queries.invalidateQueries({ queryKey: ["groups"] }),
      ]);
      showDone(words.changed(changed));
      onClose();
    },
  });
  const title = task === "join" ? words.joinGroup : words.leaveGroup;
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
            onPress={() => groupId !== null && changing.mutate(groupId)}
          >
            {title}
          </Button>
        </>
      }
    >
      <p>{words.selected(ids.length)}</p>
      {groups && (
        <ComboBox
          label={words.group}
          choices={groups.map(({ id, name, branchName }) => ({ id, name, note: branchName }))}
          value={groupId}
          onChange={setGroupId}
        />
      )}
    </Dialog>
  );
}

function RemoveTask(props: { ids: string[]; onClose: () => void; onRemoved: () => void }) {
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
