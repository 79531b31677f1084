import { type Group, ok } from "@koinonia/client";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../api/client.ts";
import { numbersQuery } from "../settings/queries.ts";
import { EditDialog } from "../ui/EditDialog.tsx";
import { Select } from "../ui/Select.tsx";
import { TextField } from "../ui/TextField.tsx";
import { phoneText } from "../words/phone.ts";
import { useWords } from "../words/words.tsx";
import { branchesQuery } from "./queries.ts";

const NONE = "none";

interface Draft {
  name: string;
  branchId: string;
  keyword: string;
  numberId: string;
}

/** Adds a group to a branch, or changes one. */
export function GroupDialog(props: {
  group?: Group;
  branchId?: string | undefined;
  onClose: () => void;
}) {
  const words = useWords().groups;
  const { group } = props;
  const [first] = useState<Draft>({
    name: group?.name ?? "",
    branchId: group?.branchId ?? props.branchId ?? "",
    keyword: group?.keyword ?? "",
    numberId: group?.numberId ?? NONE,
  });
  const [draft, setDraft] = useState(first);
  return (
    <EditDialog
      title={group === undefined ? words.addGroup : words.editGroup}
      isDirty={JSON.stringify(draft) !== JSON.stringify(first)}
      save={(key) => save(draft, group, key)}
      touches={["groups", "branches"]}
      done={words.saved(draft.name)}
      onClose={props.onClose}
    >
      <TextField
        name="name"
        label={words.groupName}
        isRequired
        autoFocus
        maxLength={100}
        value={draft.name}
        onChange={(name) => setDraft({ ...draft, name })}
      />
      <Places draft={draft} onChange={setDraft} />
      <TextField
        name="keyword"
        label={words.stopWord}
        hint={words.stopWordHint}
        maxLength={20}
        value={draft.keyword}
        onChange={(keyword) => setDraft({ ...draft, keyword })}
      />
    </EditDialog>
  );
}

function Places({ draft, onChange }: { draft: Draft; onChange: (draft: Draft) => void }) {
  const words = useWords().groups;
  const { data: branches = [] } = useQuery(branchesQuery);
  const { data: numbers = [] } = useQuery(numbersQuery);
  const active = numbers.filter(({ status }) => status === "active");
  return (
    <>
      <Select
        name="branchId"
        label={words.branch}
        choices={branches.map(({ id, name }) => ({ id, name }))}
        value={draft.branchId}
        onChange={(branchId) => onChange({ ...draft, branchId })}
      />
      {active.length > 1 && (
        <Select
          name="numberId"
          label={words.number}
          hint={words.numberHint}
          choices={[
            { id: NONE, name: words.anyNumber },
            ...active.map(({ id, phoneNumber, label }) => ({
              id,
              name: phoneText(phoneNumber),
              ...(label === null ? {} : { note: label }),
            })),
          ]}
          value={draft.numberId}
          onChange={(numberId) => onChange({ ...draft, numberId })}
        />
      )}
    </>
  );
}

function save(draft: Draft, group: Group | undefined, key: string) {
  const body = {
    name: draft.name,
    branchId: draft.branchId,
    keyword: draft.keyword.trim() || null,
    numberId: draft.numberId === NONE ? null : draft.numberId,
  };
  if (group === undefined) {
    return ok(api.POST("/api/groups", { params: { header: { "Idempotency-Key": key } }, body }));
  }
  const path = { groupId: group.id };
  return ok(api.PATCH("/api/groups/{groupId}", { params: { path }, body }));
}
