import { type ConversationRequest, ok } from "@koinonia/client";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { api } from "../api/client.ts";
import { Avatar } from "../ui/Avatar.tsx";
import { Button } from "../ui/Button.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { SearchField } from "../ui/SearchField.tsx";
import { FormError } from "../ui/States.tsx";
import { useWords } from "../words/words.tsx";
import styles from "./NewConversation.module.css";
import { fullName, prettyPhone } from "./names.ts";

const MIN_LETTERS = 2;

/** Opens the conversation with somebody of the directory, or with a number. */
export default function NewConversation({ onClose }: { onClose: () => void }) {
  const words = useWords().begin;
  const navigate = useNavigate();
  const [typed, setTyped] = useState("");
  const people = useQuery({
    queryKey: ["members", "find", typed],
    queryFn: ({ signal }) =>
      ok(api.GET("/api/members", { params: { query: { search: typed, limit: 8 } }, signal })),
    enabled: typed.length >= MIN_LETTERS,
    placeholderData: (old) => old,
  });
  const opening = useMutation({
    mutationFn: (body: ConversationRequest) => ok(api.POST("/api/conversations", { body })),
    meta: { isShown: true },
    onSuccess({ id }) {
      onClose();
      void navigate({
        to: "/inbox/{-$conversationId}",
        params: { conversationId: id },
        search: {},
      });
    },
  });
  const phone = asPhone(typed);
  const found = typed.length >= MIN_LETTERS ? (people.data?.data ?? []) : [];
  return (
    <Dialog title={words.title} isOpen onClose={onClose}>
      <SearchField label={words.who} value={typed} onChange={setTyped} maxLength={100} autoFocus />
      <ul className={styles.list} aria-label={words.who}>
        {found.map((member) => (
          <li key={member.id}>
            <button
              type="button"
              className={styles.person}
              disabled={opening.isPending}
              onClick={() => opening.mutate({ memberId: member.id })}
            >
              <Avatar name={fullName(member)} size="s" />
              <span>{fullName(member)}</span>
              <span className={styles.phone}>{prettyPhone(member.phone)}</span>
            </button>
          </li>
        ))}
      </ul>
      {phone !== undefined && (
        <Button
          icon="phone"
          isPending={opening.isPending}
          onPress={() => opening.mutate({ phone })}
        >
          {words.textPhone(prettyPhone(phone))}
        </Button>
      )}
      {people.isSuccess && found.length === 0 && phone === undefined && (
        <p className="muted">{words.nobody}</p>
      )}
      <FormError error={opening.error ?? people.error} />
    </Dialog>
  );
}

/** A number as the API takes it, when enough was typed of one. */
function asPhone(typed: string): string | undefined {
  const digits = typed.replace(/\D/g, "");
  if (/[a-z]/i.test(typed)) return undefined;
  if (digits.length === 10) return `+1${digits}`;
  return digits.length === 11 && digits.startsWith("1") ? `+${digits}` : undefined;
}
