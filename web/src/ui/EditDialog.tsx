import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useIdempotencyKey } from "../api/idempotency.ts";
import { useWords } from "../words/words.tsx";
import { Button } from "./Button.tsx";
import { Confirm, Dialog } from "./Dialog.tsx";
import { Form } from "./Form.tsx";
import { LeaveGuard } from "./LeaveGuard.tsx";
import { showDone } from "./toasts.ts";

/**
 * A small form over a page: saves, says so, and asks before typed words are lost, by closing it or by
 * leaving the page.
 */
export function EditDialog(props: {
  title: string;
  submit?: string;
  isDirty: boolean;
  /** `key` is the same for each try, so that a second one does nothing twice. */
  save: (key: string) => Promise<unknown>;
  /** Resources that are other afterwards, as queries name them. */
  touches: string[];
  done: string;
  onClose: () => void;
  /** A function gets what the API said, for fields that show it themselves. */
  children: ReactNode | ((error: Error | null) => ReactNode);
  size?: "s" | "m" | "l";
}) {
  const words = useWords().common;
  const { isDirty, onClose } = props;
  const queries = useQueryClient();
  const [key] = useIdempotencyKey();
  const [isLeaving, setLeaving] = useState(false);
  const saving = useMutation({
    mutationFn: () => props.save(key),
    meta: { isShown: true },
    async onSuccess() {
      await Promise.all(
        props.touches.map((resource) => queries.invalidateQueries({ queryKey: [resource] })),
      );
      showDone(props.done);
      onClose();
    },
  });
  const close = () => (isDirty ? setLeaving(true) : onClose());
  return (
    <Dialog title={props.title} isOpen onClose={close} size={props.size ?? "m"}>
      <Form
        error={saving.error}
        onSubmit={() => saving.mutate()}
        actions={
          <>
            <Button onPress={close}>{words.cancel}</Button>
            <Button type="submit" kind="primary" isPending={saving.isPending}>
              {props.submit ?? words.save}
            </Button>
          </>
        }
      >
        {typeof props.children === "function" ? props.children(saving.error) : props.children}
      </Form>
      <LeaveGuard isDirty={isDirty && !saving.isSuccess} />
      <Confirm
        title={words.leave}
        action={words.leaveYes}
        isDanger
        isOpen={isLeaving}
        onClose={() => setLeaving(false)}
        onConfirm={onClose}
      >
        <p>{words.leaveWhy}</p>
      </Confirm>
    </Dialog>
  );
}

/** Asks, then does what cannot be undone. */
export function RemoveDialog(props: {
  title: string;
  action?: string;
  remove: () => Promise<unknown>;
  touches: string[];
  done: string;
  onClose: () => void;
  /** What happens, in a sentence or two. */
  children: ReactNode;
}) {
  const words = useWords().common;
  const queries = useQueryClient();
  const removing = useMutation({
    mutationFn: props.remove,
    async onSuccess() {
      await Promise.all(
        props.touches.map((resource) => queries.invalidateQueries({ queryKey: [resource] })),
      );
      showDone(props.done);
      props.onClose();
    },
  });
  return (
    <Confirm
      title={props.title}
      action={props.action ?? words.remove}
      isDanger
      isOpen
      isPending={removing.isPending}
      onClose={props.onClose}
      onConfirm={() => removing.mutate()}
    >
      <p>{props.children}</p>
    </Confirm>
  );
}
