import { useState } from "react";
import { Button } from "../ui/Button.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { FormError } from "../ui/States.tsx";
import { TextField } from "../ui/TextField.tsx";
import { useWords } from "../words/words.tsx";
import type { Broadcast } from "./broadcast.ts";
import styles from "./SendBar.module.css";
import type { Plan } from "./usePlan.ts";
import type { Sending } from "./useSending.ts";

const CONFIRMED_FROM = 200;

/** The button that sends, and what it asks before many are texted. */
export function SendBar({
  draft,
  plan,
  sending,
}: {
  draft: Broadcast;
  plan: Plan;
  sending: Sending;
}) {
  const words = useWords().send;
  const [isAsked, setAsked] = useState(false);
  const phones = plan.preview?.phones ?? 0;
  return (
    <div className={styles.bar}>
      <FormError error={sending.error} />
      <Button
        kind="primary"
        icon={draft.when === "later" ? "calendar" : "send"}
        isPending={sending.isPending}
        isDisabled={!plan.isReady && !sending.isPending}
        onPress={() => (phones >= CONFIRMED_FROM ? setAsked(true) : sending.begin())}
      >
        {label(draft, phones, sending.isPending, words)}
      </Button>
      <ConfirmMany
        phones={phones}
        isOpen={isAsked}
        onClose={() => setAsked(false)}
        onConfirm={() => {
          setAsked(false);
          sending.begin();
        }}
      />
    </div>
  );
}

function ConfirmMany(props: {
  phones: number;
  isOpen: boolean;
  onClose: () => void;
  onConfirm: () => void;
}) {
  const words = useWords();
  const [typed, setTyped] = useState("");
  const isRight = Number(typed.replace(/\D/g, "")) === props.phones;
  const close = () => {
    setTyped("");
    props.onClose();
  };
  return (
    <Dialog
      title={words.send.confirmTitle(props.phones)}
      isOpen={props.isOpen}
      onClose={close}
      size="s"
      actions={
        <>
          <Button onPress={close}>{words.common.cancel}</Button>
          <Button
            kind="primary"
            isDisabled={!isRight}
            onPress={() => {
              setTyped("");
              props.onConfirm();
            }}
          >
            {words.send.confirmGo}
          </Button>
        </>
      }
    >
      <p>{words.send.confirmWhy}</p>
      <TextField
        label={words.send.confirmNumber(props.phones)}
        isRequired
        autoFocus
        inputMode="numeric"
        autoComplete="off"
        value={typed}
        onChange={setTyped}
      />
    </Dialog>
  );
}

function label(
  draft: Broadcast,
  phones: number,
  isPending: boolean,
  words: ReturnType<typeof useWords>["send"],
): string {
  if (isPending) return words.sending;
  if (phones === 0) return words.sendNothing;
  return draft.when === "later" ? words.scheduleFor(phones) : words.sendTo(phones);
}
