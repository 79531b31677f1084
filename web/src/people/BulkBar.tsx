import type { Member, PeopleFilter } from "@koinonia/client";
import { useState } from "react";
import { useMay } from "../api/queries.ts";
import { Button } from "../ui/Button.tsx";
import { Checkbox } from "../ui/Toggles.tsx";
import { useWords } from "../words/words.tsx";
import styles from "./BulkBar.module.css";
import { type Chosen, countOf, GroupsTask, type GroupTask, RemoveTask } from "./BulkTasks.tsx";

interface Props {
  selected: ReadonlySet<string>;
  loaded: Member[];
  onSelect: (ids: ReadonlySet<string>) => void;
  /** Everybody of the list as a filter, where it is known how many they are. */
  everybody: { filter: PeopleFilter; count: number } | undefined;
  /** Whether everybody is chosen, also those whose rows are not loaded. */
  isEverybody: boolean;
  onEverybody: () => void;
  /** The group that is looked at, which can be left for another. */
  group: string | undefined;
}

/** What can be done with all who are ticked, or with everybody of the list. */
export function BulkBar(props: Props) {
  const words = useWords().people;
  const mayManage = useMay("people.manage");
  const [task, setTask] = useState<GroupTask | "remove">();
  const { selected, loaded, onSelect, everybody, isEverybody } = props;
  const isAll = selected.size > 0 && loaded.every(({ id }) => selected.has(id));
  const chosen: Chosen = isEverybody && everybody ? everybody : { ids: [...selected] };
  const count = countOf(chosen);
  const clear = () => onSelect(new Set());
  const action = (id: GroupTask | "remove", name: string) => (
    <Button size="s" onPress={() => setTask(id)}>
      {name}
    </Button>
  );
  return (
    <div className={styles.bar} data-active={count > 0}>
      <Checkbox
        isSelected={isAll}
        isIndeterminate={selected.size > 0 && !isAll}
        onChange={(isOn) => onSelect(new Set(isOn ? loaded.map(({ id }) => id) : []))}
      >
        {count === 0 ? words.selectLoaded(loaded.length) : words.selected(count)}
      </Checkbox>
      {isAll && !isEverybody && everybody && everybody.count > selected.size && (
        <Button kind="quiet" size="s" onPress={props.onEverybody}>
          {words.selectEverybody(everybody.count)}
        </Button>
      )}
      {count > 0 && (
        <div className={styles.actions}>
          {action("join", words.joinGroup)}
          {props.group !== undefined && action("move", words.moveGroup)}
          {action("leave", words.leaveGroup)}
          {mayManage && !isEverybody && action("remove", words.removePeople)}
        </div>
      )}
      {task !== undefined && task !== "remove" && (
        <GroupsTask
          task={task}
          from={props.group}
          chosen={chosen}
          onClose={() => setTask(undefined)}
        />
      )}
      {task === "remove" && (
        <RemoveTask
          ids={[...selected]}
          onClose={() => setTask(undefined)}
          onRemoved={() => {
            clear();
            setTask(undefined);
          }}
        />
      )}
    </div>
  );
}
