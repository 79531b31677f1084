import { type Group, type Member, ok } from "@koinonia/client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "../api/client.ts";
import { FoundPeople } from "../people/FoundPeople.tsx";
import { fullName } from "../people/names.ts";
import { Badge } from "../ui/Badge.tsx";
import { Button } from "../ui/Button.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { useWords } from "../words/words.tsx";

/** Finds people by name or phone and puts them into the group, one click each. */
export function AddMembers({ group, onClose }: { group: Group; onClose: () => void }) {
  const words = useWords();
  return (
    <Dialog
      title={words.groups.addPeople}
      isOpen
      onClose={onClose}
      actions={<Button onPress={onClose}>{words.common.close}</Button>}
    >
      <FoundPeople action={(member) => <AddOne member={member} group={group} />} />
    </Dialog>
  );
}

function AddOne({ member, group }: { member: Member; group: Group }) {
  const words = useWords().groups;
  const queries = useQueryClient();
  const isIn = member.groups.some(({ id }) => id === group.id);
  const adding = useMutation({
    mutationFn: () =>
      ok(
        api.POST("/api/groups/{groupId}/members", {
          params: { path: { groupId: group.id } },
          body: { memberIds: [member.id] },
        }),
      ),
    onSuccess: () =>
      Promise.all(
        ["members", "groups", "branches"].map((resource) =>
          queries.invalidateQueries({ queryKey: [resource] }),
        ),
      ),
  });
  if (isIn) return <Badge tone="success">{words.isIn}</Badge>;
  return (
    <Button
      size="s"
      isPending={adding.isPending}
      aria-label={words.addOne(fullName(member))}
      onPress={() => adding.mutate()}
    >
      {words.add}
    </Button>
  );
}
