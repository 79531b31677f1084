import { useState } from "react";
import { Button } from "../ui/Button.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { Form } from "../ui/Form.tsx";
import { FormError } from "../ui/States.tsx";
import { TextField } from "../ui/TextField.tsx";
import { useWords } from "../words/words.tsx";
import type { Broadcast } from "./broadcast.ts";
import { PlanChanged } from "./PlanChanged.tsx";
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
      {sending.agreed === undefined ? (
        <FormError error={sending.error} />
      ) : (
        <PlanChanged agreed={sending.agreed} now={plan.isStale ? undefined : plan.preview} />
      )}
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
  const [isWrong, setWrong] = useState(false);
  const close = () => {
    setTyped("");
    setWrong(false);
    props.onClose();
  };
  const confirm = () => {
    if (Number(typed.replace(/\D/g, "")) !== props.phones) return setWrong(true);
    close();
    props.onConfirm();
  };
  return (
    <Dialog
      title={words.send.confirmTitle(props.phones)}
      isOpen={props.isOpen}
      onClose={close}
      size="s"
    >
      <Form
        error={null}
        onSubmit={confirm}
        actions={
          <>
            <Button onPress={close}>{words.common.cancel}</Button>
            <Button type="submit" kind="primary">
              {words.send.confirmGo}
            </Button>
          </>
        }
      >
        <p>{words.send.confirmWhy}</p>
        <TextField
          label={words.send.confirmNumber(props.phones)}
          validate={() => (isWrong ? words.send.confirmWrong(props.phones) : null)}
          isRequired
          validationBehavior="aria"
          autoFocus
          inputMode="numeric"
          autoComplete="off"
          value={typed}
          onChange={(text) => {
            setTyped(text);
            setWrong(false);
          }}
        />
      </Form>
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
