import { type Member, type MemberRequest, ok } from "@koinonia/client";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { api } from "../api/client.ts";
import { fieldsQuery, groupsQuery } from "../groups/queries.ts";
import { CheckList } from "../ui/CheckList.tsx";
import { EditDialog } from "../ui/EditDialog.tsx";
import { FieldRow } from "../ui/Form.tsx";
import { ListState } from "../ui/ListState.tsx";
import { TextField } from "../ui/TextField.tsx";
import { Checkbox } from "../ui/Toggles.tsx";
import { showDone } from "../ui/toasts.ts";
import { phoneText } from "../words/phone.ts";
import { useWords } from "../words/words.tsx";
import { fullName } from "./names.ts";

interface Draft {
  firstName: string;
  lastName: string;
  phone: string;
  email: string;
  groupIds: string[];
  consent: boolean;
  fields: Record<string, string>;
}

/** Adds somebody, or changes who is given. */
export function PersonDialog(props: { member?: Member; onClose: () => void }) {
  const words = useWords();
  const { member, onClose } = props;
  const first = useState(() => draftOf(member))[0];
  const [draft, setDraft] = useState(first);
  const queries = useQueryClient();
  const say = useSaying(member === undefined);
  return (
    <EditDialog
      title={member === undefined ? words.people.add : words.people.editPerson}
      submit={member === undefined ? words.people.add : words.common.save}
      isDirty={JSON.stringify(first) !== JSON.stringify(draft)}
      save={(key) => save(draft, member, key)}
      touches={["members", "groups", "consents"]}
      onSaved={(saved) => {
        queries.setQueryData(["members", saved.id], saved);
        say(saved);
        onClose();
      }}
      onClose={onClose}
    >
      <PersonFields draft={draft} onChange={setDraft} isNew={member === undefined} />
      {(member === undefined || phoneText(member.phone) !== draft.phone) && (
        <Checkbox
          isSelected={draft.consent}
          onChange={(consent) => setDraft({ ...draft, consent })}
          hint={words.people.agreedHint}
        >
          {words.people.agreed}
        </Checkbox>
      )}
    </EditDialog>
  );
}

function PersonFields(props: { draft: Draft; onChange: (draft: Draft) => void; isNew: boolean }) {
  const words = useWords().people;
  const { draft, onChange } = props;
  const { data: fields = [] } = useQuery(fieldsQuery);
  const groups = useQuery(groupsQuery);
  const text = (name: "firstName" | "lastName" | "phone" | "email") => ({
    name,
    value: draft[name],
    onChange: (value: string) => onChange({ ...draft, [name]: value }),
  });
  return (
    <>
      <FieldRow>
        <TextField
          label={words.firstName}
          isRequired
          autoFocus
          maxLength={100}
          {...text("firstName")}
        />
        <TextField label={words.lastName} maxLength={100} {...text("lastName")} />
      </FieldRow>
      <FieldRow>
        <TextField
          label={words.phone}
          isRequired
          type="tel"
          inputMode="tel"
          placeholder="(202) 555-0142"
          {...text("phone")}
        />
        <TextField label={words.email} type="email" {...text("email")} />
      </FieldRow>
      {fields.length > 0 && (
        <FieldRow>
          {fields.map(({ key, label }) => (
            <TextField
              key={key}
              label={label}
              maxLength={200}
              value={draft.fields[key] ?? ""}
              onChange={(value) =>
                onChange({ ...draft, fields: { ...draft.fields, [key]: value } })
              }
            />
          ))}
        </FieldRow>
      )}
      <ListState query={groups} empty={null}>
        {(choices) => (
          <CheckList
            label={words.groups}
            choices={choices.map(({ id, name, branchName }) => ({ id, name, note: branchName }))}
            value={draft.groupIds}
            onChange={(groupIds) => onChange({ ...draft, groupIds })}
          />
        )}
      </ListState>
    </>
  );
}

function save(draft: Draft, member: Member | undefined, key: string): Promise<Member> {
  if (member === undefined) {
    const header = { "Idempotency-Key": key };
    return ok(api.POST("/api/members", { params: { header }, body: requestOf(draft) }));
  }
  const path = { memberId: member.id };
  return ok(
    api.PATCH("/api/members/{memberId}", { params: { path }, body: changeOf(draft, member) }),
  );
}

/** Names who was saved; who is new can be opened from there. */
function useSaying(isNew: boolean) {
  const words = useWords().people;
  const navigate = useNavigate();
  return (saved: Member) => {
    const open = () => void navigate({ to: "/people/$memberId", params: { memberId: saved.id } });
    showDone(words.saved(fullName(saved)), isNew ? { label: words.look, run: open } : undefined);
  };
}

function draftOf(member: Member | undefined): Draft {
  return {
    firstName: member?.firstName ?? "",
    lastName: member?.lastName ?? "",
    phone: member === undefined ? "" : phoneText(member.phone),
    email: member?.email ?? "",
    groupIds: member?.groups.map(({ id }) => id) ?? [],
    consent: false,
    fields: { ...member?.fields },
  };
}

function requestOf(draft: Draft): MemberRequest {
  const { email, fields, ...rest } = draft;
  const filled = Object.entries(fields).filter(([, value]) => value.trim() !== "");
  return { ...rest, fields: Object.fromEntries(filled), ...(email === "" ? {} : { email }) };
}

function changeOf(draft: Draft, member: Member) {
  const { email, fields, phone, consent, ...rest } = draft;
  const values = Object.entries(fields).map(([key, value]) => [key, value.trim() || null] as const);
  return {
    ...rest,
    email: email.trim() || null,
    fields: Object.fromEntries(values),
    ...(phone === phoneText(member.phone) ? {} : { phone, ...(consent ? { consent } : {}) }),
  };
}
