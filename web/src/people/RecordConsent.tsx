import { type Member, ok } from "@koinonia/client";
import { useState } from "react";
import { api } from "../api/client.ts";
import { useMe } from "../api/queries.ts";
import { EditDialog } from "../ui/EditDialog.tsx";
import { RadioGroup } from "../ui/RadioGroup.tsx";
import { TextArea, TextField } from "../ui/TextField.tsx";
import { phoneText } from "../words/phone.ts";
import { useWords } from "../words/words.tsx";
import { instantOf } from "../words/zone.ts";

/** Writes into the ledger what somebody said, in their words, and how staff know. */
export function RecordConsent(props: {
  member: Member;
  kind: "granted" | "revoked";
  onClose: () => void;
}) {
  const words = useWords().people;
  const { church } = useMe();
  const { member, kind, onClose } = props;
  const [method, setMethod] = useState<"staff" | "web_form">("staff");
  const [said, setSaid] = useState("");
  const [note, setNote] = useState("");
  const [day, setDay] = useState("");
  const isGrant = kind === "granted";
  const title = isGrant ? words.recordConsent : words.recordStop;
  const body = {
    memberId: member.id,
    kind,
    method,
    words: said.trim() || null,
    note: note.trim() || null,
    occurredAt: day === "" ? null : instantOf(`${day}T00:00`, church.timezone).toISOString(),
  };
  return (
    <EditDialog
      title={title}
      submit={title}
      isDanger={!isGrant}
      isDirty={said + note + day !== ""}
      save={(key) =>
        ok(api.POST("/api/consents", { params: { header: { "Idempotency-Key": key } }, body }))
      }
      touches={["consents", "members"]}
      done={words.recorded}
      onClose={onClose}
    >
      <p className="muted">
        {isGrant
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
        isRequired={isGrant}
        maxLength={2000}
        value={said}
        onChange={setSaid}
      />
      <TextField name="note" label={words.note} maxLength={2000} value={note} onChange={setNote} />
      <TextField
        name="occurredAt"
        label={words.saidOn}
        hint={words.saidOnHint}
        type="date"
        value={day}
        onChange={setDay}
      />
    </EditDialog>
  );
}
