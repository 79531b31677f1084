import { type Conversation, ok } from "@koinonia/client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../api/client.ts";
import { useIdempotencyKey } from "../api/idempotency.ts";
import { Button } from "../ui/Button.tsx";
import { FieldRow, Form } from "../ui/Form.tsx";
import { TextField } from "../ui/TextField.tsx";
import { showDone } from "../ui/toasts.ts";
import { useWords } from "../words/words.tsx";

/** Somebody who wrote and is in no directory. */
export default function AddPerson({ conversation }: { conversation: Conversation }) {
  const words = useWords();
  const queries = useQueryClient();
  const [key] = useIdempotencyKey();
  const [firstName, setFirstName] = useState("");
  const [lastName, setLastName] = useState("");
  const adding = useMutation({
    mutationFn: () =>
      ok(
        api.POST("/api/conversations/{conversationId}/member", {
          params: { path: { conversationId: conversation.id }, header: { "Idempotency-Key": key } },
          body: { firstName, lastName },
        }),
      ),
    meta: { isShown: true },
    onSuccess() {
      showDone(words.card.added);
      return queries.invalidateQueries({ queryKey: ["conversations"] });
    },
  });
  return (
    <Form
      error={adding.error}
      onSubmit={() => adding.mutate()}
      actions={
        <Button type="submit" isPending={adding.isPending}>
          {words.card.add}
        </Button>
      }
    >
      <FieldRow>
        <TextField
          name="firstName"
          label={words.card.firstName}
          isRequired
          value={firstName}
          onChange={setFirstName}
        />
        <TextField
          name="lastName"
          label={words.card.lastName}
          value={lastName}
          onChange={setLastName}
        />
      </FieldRow>
    </Form>
  );
}
