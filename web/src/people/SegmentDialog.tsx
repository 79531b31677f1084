import { ok, type PeopleFilter } from "@koinonia/client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../api/client.ts";
import { useIdempotencyKey } from "../api/idempotency.ts";
import { Button } from "../ui/Button.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { Form } from "../ui/Form.tsx";
import { TextField } from "../ui/TextField.tsx";
import { showDone } from "../ui/toasts.ts";
import { useWords } from "../words/words.tsx";
import { segmentsQuery } from "./queries.ts";

/** Keeps the filter under a name, for the list and for sending. */
export function SegmentDialog(props: {
  filter: PeopleFilter;
  onSaved: (id: string) => void;
  onClose: () => void;
}) {
  const words = useWords();
  const queries = useQueryClient();
  const [name, setName] = useState("");
  const [key] = useIdempotencyKey();
  const saving = useMutation({
    mutationFn: () =>
      ok(
        api.POST("/api/segments", {
          params: { header: { "Idempotency-Key": key } },
          body: { name, filter: props.filter },
        }),
      ),
    meta: { isShown: true },
    async onSuccess(segment) {
      await queries.invalidateQueries({ queryKey: segmentsQuery.queryKey });
      showDone(words.people.segmentSaved(segment.name));
      props.onSaved(segment.id);
      props.onClose();
    },
  });
  return (
    <Dialog title={words.people.saveSegment} isOpen onClose={props.onClose} size="s">
      <Form
        error={saving.error}
        onSubmit={() => saving.mutate()}
        actions={
          <>
            <Button onPress={props.onClose}>{words.common.cancel}</Button>
            <Button type="submit" kind="primary" isPending={saving.isPending}>
              {words.common.save}
            </Button>
          </>
        }
      >
        <p className="muted">{words.people.saveSegmentWhy}</p>
        <TextField
          name="name"
          label={words.people.segmentName}
          isRequired
          maxLength={100}
          autoFocus
          value={name}
          onChange={setName}
        />
      </Form>
    </Dialog>
  );
}
