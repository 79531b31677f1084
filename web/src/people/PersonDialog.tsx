import { type Member, type MemberRequest, ok } from "@koinonia/client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { api } from "../api/client.ts";
import { useIdempotencyKey } from "../api/idempotency.ts";
import { fieldsQuery, groupsQuery } from "../groups/queries.ts";
import { Button } from "../ui/Button.tsx";
import { CheckList } from "../ui/CheckList.tsx";
import { Confirm, Dialog } from "../ui/Dialog.tsx";
import { FieldRow, Form } from "../ui/Form.tsx";
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
  const [isLeaving, setLeaving] = useState(false);
  const isDirty = JSON.stringify(first) !== JSON.stringify(draft);
  const saving = useSaving(draft, member, onClose);
  const close = () => (isDirty ? setLeaving(true) : onClose());
  return (
    <Dialog
      title={member === undefined ? words.people.add : words.people.editPerson}
      isOpen
      onClose={close}
    >
      <Form
        error={saving.error}
        onSubmit={() => saving.mutate()}
        actions={
          <>
            <Button onPress={close}>{words.common.cancel}</Button>
            <Button type="submit" kind="primary" isPending={saving.isPending}>
              {member === undefined ? words.people.add : words.common.save}
            </Button>
          </>
        }
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
      </Form>
      <Confirm
        title={words.common.leave}
        action={words.common.leaveYes}
        isDanger
        isOpen={isLeaving}
        onClose={() => setLeaving(false)}
        onConfirm={onClose}
      >
        <p>{words.common.leaveWhy}</p>
      </Confirm>
    </Dialog>
  );
}

function PersonFields(props: { draft: Draft; onChange: (draft: Draft) => void; isNew: boolean }) {
  const words = useWords().people;
  const { draft, onChange } = props;
  const { data: fields = [] } = useQuery(fieldsQuery);
  const { data: groups = [] } = useQuery(groupsQuery);
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
      <CheckList
        label={words.groups}
        choices={groups.map(({ id, name, branchName }) => ({ id, name, note: branchName }))}
        value={draft.groupIds}
        onChange={(groupIds) => onChange({ ...draft, groupIds })}
      />
    </>
  );
}

function useSaving(draft: Draft, member: Member | undefined, onDone: () => void) {
  const words = useWords().people;
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [key] = useIdempotencyKey();
  return useMutation({
    mutationFn: () =>
      member === undefined
        ? ok(
            api.POST("/api/members", {
              params: { header: { "Idempotency-Key": key } },
              body: requestOf(draft),
            }),
          )
        : ok(
            api.PATCH("/api/members/{memberId}", {
              params: { path: { memberId: member.id } },
              body: changeOf(draft, member),
            }),
          ),
    meta: { isShown: true },
    async onSuccess(saved) {
      queries.setQueryData(["members", saved.id], saved);
      await Promise.all(
        ["members", "groups", "consents"].map((resource) =>
          queries.invalidateQueries({ queryKey: [resource] }),
        ),
      );
      showDone(
        words.saved(fullName(saved)),
        member === undefined
          ? {
              label: words.look,
              run: () => void navigate({ to: "/people/$memberId", params: { memberId: saved.id } }),
            }
          : undefined,
      );
      onDone();
    },
  });
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
