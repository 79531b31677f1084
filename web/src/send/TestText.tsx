import { ok } from "@koinonia/client";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../api/client.ts";
import { useIdempotencyKey } from "../api/idempotency.ts";
import { useMay, useMe } from "../api/queries.ts";
import { PeopleSearch, type Person } from "../compose/PeoplePicker.tsx";
import { Button } from "../ui/Button.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { FormError, Notice } from "../ui/States.tsx";
import { showDone } from "../ui/toasts.ts";
import { phoneText } from "../words/phone.ts";
import { useWords } from "../words/words.tsx";
import { type Broadcast, hasText, requestOf } from "./broadcast.ts";

/** A text of the draft to who writes it. */
export function TestText({ draft }: { draft: Broadcast }) {
  const words = useWords().send;
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button icon="phone" isDisabled={!hasText(draft)} onPress={() => setOpen(true)}>
        {words.testText}
      </Button>
      {isOpen && <TestDialog draft={draft} onClose={() => setOpen(false)} />}
    </>
  );
}

function TestDialog({ draft, onClose }: { draft: Broadcast; onClose: () => void }) {
  const words = useWords();
  const { admin, church } = useMe();
  const [card, setCard] = useOwnCard();
  const [key] = useIdempotencyKey();
  const isMine = card?.email?.toLowerCase() === admin.email.toLowerCase();
  const send = useMutation({
    mutationFn: (memberId: string) =>
      ok(
        api.POST("/api/messages/test", {
          params: { header: { "Idempotency-Key": key } },
          body: testOf(draft, church.timezone, memberId),
        }),
      ),
    meta: { isShown: true },
    onSuccess() {
      showDone(words.send.testSent);
      onClose();
    },
  });
  return (
    <Dialog
      title={words.send.testTitle}
      isOpen
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>{words.common.cancel}</Button>
          <Button
            kind="primary"
            icon="send"
            isDisabled={card === null || !isMine}
            isPending={send.isPending}
            onPress={() => card !== null && send.mutate(card.id)}
          >
            {words.send.testSend}
          </Button>
        </>
      }
    >
      <p>{words.send.testWhy}</p>
      {card === null ? (
        <PeopleSearch label={words.send.testFind} chosen={[]} onChoose={setCard} autoFocus />
      ) : (
        <Notice
          tone={isMine ? "success" : "warning"}
          action={
            <Button size="s" kind="quiet" onPress={() => setCard(null)}>
              {words.send.someoneElse}
            </Button>
          }
        >
          {words.send.testYou}: {card.name}, {phoneText(card.phone)}
        </Notice>
      )}
      {card !== null && !isMine && <MakeMine card={card} onDone={setCard} />}
      <FormError error={send.error} />
    </Dialog>
  );
}

/** A test goes to the card with one's own address only, so the address has to be on it. */
function MakeMine({ card, onDone }: { card: Person; onDone: (card: Person) => void }) {
  const words = useWords().send;
  const { email } = useMe().admin;
  const mayChange = useMay("people.work");
  const write = useMutation({
    mutationFn: () =>
      ok(
        api.PATCH("/api/members/{memberId}", {
          params: { path: { memberId: card.id } },
          body: { email },
        }),
      ),
    onSuccess: () => onDone({ ...card, email }),
  });
  return (
    <>
      <p>{words.testNotYours(email)}</p>
      {mayChange && (
        <Button isPending={write.isPending} onPress={() => write.mutate()}>
          {words.testMakeMine}
        </Button>
      )}
    </>
  );
}

/** The card that was chosen last on this device. */
function useOwnCard(): [Person | null, (card: Person | null) => void] {
  const { admin, church } = useMe();
  const place = `koinonia.card.${church.id}.${admin.id}`;
  const [card, setCard] = useState<Person | null>(() => {
    const kept = localStorage.getItem(place);
    return kept === null ? null : JSON.parse(kept);
  });
  return [
    card,
    (next) => {
      if (next === null) localStorage.removeItem(place);
      else localStorage.setItem(place, JSON.stringify(next));
      setCard(next);
    },
  ];
}

function testOf(draft: Broadcast, zone: string, memberId: string) {
  const { content, mediaIds, mediaUrls, fromNumberId } = requestOf(draft, zone);
  return {
    memberId,
    ...(content === undefined ? {} : { content }),
    ...(mediaIds === undefined ? {} : { mediaIds }),
    ...(mediaUrls === undefined ? {} : { mediaUrls }),
    ...(fromNumberId === undefined ? {} : { fromNumberId }),
  };
}
