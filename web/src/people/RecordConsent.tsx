import { type Member, ok } from "@koinonia/client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../api/client.ts";
import { useIdempotencyKey } from "../api/idempotency.ts";
import { Button } from "../ui/Button.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { Form } from "../ui/Form.tsx";
import { RadioGroup } from "../ui/RadioGroup.tsx";
import { TextArea, TextField } from "../ui/TextField.tsx";
import { showDone } from "../ui/toasts.ts";
import { phoneText } from "../words/phone.ts";
import { useWords } from "../words/words.tsx";

/** Writes into the ledger what somebody said, in their words, and how staff know. */
export function RecordConsent(props: {
  member: Member;
  kind: "granted" | "revoked";
  onClose: () => void;
}) {
  const all = useWords();
  const words = all.people;
  const { member, kind, onClose } = props;
  const [method, setMethod] = useState<"staff" | "web_form">("staff");
  const [said, setSaid] = useState("");
  const [note, setNote] = useState("");
  const [day, setDay] = useState("");
  const recording = useRecording({ member, kind, method, said, note, day }, onClose);
  const title = kind === "granted" ? words.recordConsent : words.recordStop;
  return (
    <Dialog title={title} isOpen onClose={onClose}>
      <Form
        error={recording.error}
        onSubmit={() => recording.mutate()}
        actions={
          <>
            <Button onPress={onClose}>{all.common.cancel}</Button>
            <Button
              type="submit"
              kind={kind === "granted" ? "primary" : "danger"}
              isPending={recording.isPending}
            >
              {title}
            </Button>
          </>
        }
      >
        <p className="muted">
          {kind === "granted"
            ? words.recordConsentWhy(phoneText(member.phone))
            : words.recordStopWhy(phoneText(member.phone))}
        </p>
        <RadioGroup
          label={words.how}
          choices={[
            { id: "staff", name: words.bySpeech },
            { id: "web_form", name: words.byForm },
          ]}
          value={method}
          onChange={setMethod}
        />
        <TextArea
          name="words"
          label={words.theirWords}
          hint={words.theirWordsHint}
          isRequired={kind === "granted"}
          maxLength={2000}
          value={said}
          onChange={setSaid}
        />
        <TextField
          name="note"
          label={words.note}
          maxLength={2000}
          value={note}
          onChange={setNote}
        />
        <TextField
          name="occurredAt"
          label={words.saidOn}
          hint={words.saidOnHint}
          type="date"
          value={day}
          onChange={setDay}
        />
      </Form>
    </Dialog>
  );
}

interface Said {
  member: Member;
  kind: "granted" | "revoked";
  method: "staff" | "web_form";
  said: string;
  note: string;
  /** A day as the field has it, empty for now. */
  day: string;
}

function useRecording(what: Said, onDone: () => void) {
  const words = useWords().people;
  const queries = useQueryClient();
  const [key] = useIdempotencyKey();
  return useMutation({
    mutationFn: () =>
      ok(
        api.POST("/api/consents", {
          params: { header: { "Idempotency-Key": key } },
          body: {
            memberId: what.member.id,
            kind: what.kind,
            method: what.method,
            words: what.said.trim() || null,
            note: what.note.trim() || null,
            occurredAt: what.day === "" ? null : new Date(`${what.day}T00:00`).toISOString(),
          },
        }),
      ),
    meta: { isShown: true },
    async onSuccess() {
      await Promise.all([
        queries.invalidateQueries({ queryKey: ["consents"] }),
        queries.invalidateQueries({ queryKey: ["members"] }),
      ]);
      showDone(words.recorded);
      onDone();
    },
  });
}
