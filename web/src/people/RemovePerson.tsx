import { type Member, ok } from "@koinonia/client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { api } from "../api/client.ts";
import { Confirm } from "../ui/Dialog.tsx";
import { showDone } from "../ui/toasts.ts";
import { useWords } from "../words/words.tsx";
import { fullName } from "./names.ts";

export function RemovePerson({ member, onClose }: { member: Member; onClose: () => void }) {
  const words = useWords().people;
  const queries = useQueryClient();
  const navigate = useNavigate();
  const path = { memberId: member.id };
  const removing = useMutation({
    mutationFn: () => ok(api.DELETE("/api/members/{memberId}", { params: { path } })),
    async onSuccess() {
      await navigate({ to: "/people" });
      queries.removeQueries({ queryKey: ["members", member.id] });
      await queries.invalidateQueries({ queryKey: ["members"] });
      showDone(words.removed(1));
    },
  });
  return (
    <Confirm
      title={words.removePerson(fullName(member))}
      action={words.remove}
      isDanger
      isOpen
      isPending={removing.isPending}
      onClose={onClose}
      onConfirm={() => removing.mutate()}
    >
      <p>{words.removeWhy}</p>
    </Confirm>
  );
}
