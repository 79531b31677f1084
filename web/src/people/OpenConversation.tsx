import { type Member, ok } from "@koinonia/client";
import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { api } from "../api/client.ts";
import { useMay } from "../api/queries.ts";
import { Button, ButtonLink } from "../ui/Button.tsx";
import { useWords } from "../words/words.tsx";

/** Leads to what was texted with somebody, which begins here if there is nothing yet. */
export function OpenConversation({ member }: { member: Member }) {
  const words = useWords().people;
  const navigate = useNavigate();
  const mayRead = useMay("conversations.read");
  const mayWrite = useMay("conversations.work");
  const opening = useMutation({
    mutationFn: () => ok(api.POST("/api/conversations", { body: { memberId: member.id } })),
    onSuccess: ({ id }) =>
      navigate({
        to: "/inbox/{-$conversationId}",
        params: { conversationId: id },
        search: {},
      }),
  });
  if (member.conversationId !== null) {
    if (!mayRead) return null;
    return (
      <ButtonLink
        to="/inbox/{-$conversationId}"
        params={{ conversationId: member.conversationId }}
        icon="message"
      >
        {words.conversation}
      </ButtonLink>
    );
  }
  if (!mayWrite) return null;
  return (
    <Button icon="message" isPending={opening.isPending} onPress={() => opening.mutate()}>
      {words.conversation}
    </Button>
  );
}
