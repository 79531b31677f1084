import { type Branch, ok } from "@koinonia/client";
import { useState } from "react";
import { api } from "../api/client.ts";
import { EditDialog } from "../ui/EditDialog.tsx";
import { TextField } from "../ui/TextField.tsx";
import { useWords } from "../words/words.tsx";

export function BranchDialog(props: { branch?: Branch; onClose: () => void }) {
  const words = useWords().groups;
  const { branch } = props;
  const [name, setName] = useState(branch?.name ?? "");
  const save = (key: string) =>
    branch === undefined
      ? ok(
          api.POST("/api/branches", {
            params: { header: { "Idempotency-Key": key } },
            body: { name },
          }),
        )
      : ok(
          api.PATCH("/api/branches/{branchId}", {
            params: { path: { branchId: branch.id } },
            body: { name },
          }),
        );
  return (
    <EditDialog
      title={branch === undefined ? words.addBranch : words.rename}
      isDirty={name !== (branch?.name ?? "")}
      save={save}
      touches={["branches", "groups"]}
      done={words.saved(name)}
      onClose={props.onClose}
      size="s"
    >
      <TextField
        name="name"
        label={words.branchName}
        hint={words.branchHint}
        isRequired
        autoFocus
        maxLength={100}
        value={name}
        onChange={setName}
      />
    </EditDialog>
  );
}
