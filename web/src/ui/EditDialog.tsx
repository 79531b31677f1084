import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useRef, useState } from "react";
import { useIdempotencyKey } from "../api/idempotency.ts";
import { useWords } from "../words/words.tsx";
import { Button } from "./Button.tsx";
import { Confirm, Dialog } from "./Dialog.tsx";
import { Form } from "./Form.tsx";
import { LeaveGuard } from "./LeaveGuard.tsx";
import { showDone } from "./toasts.ts";

interface EditProps<Saved> {
  title: string;
  submit?: string;
  isDirty: boolean;
  /** `key` is the same for each try, so that a second one does nothing twice. */
  save: (key: string) => Promise<Saved>;
  /** Resources that are other afterwards, as queries name them. */
  touches: string[];
  done?: string;
  /** Follows a save; without it the dialog closes. */
  onSaved?: (saved: Saved) => void;
  onClose: () => void;
  /** A function gets what the API said, for fields that show it themselves. */
  children: ReactNode | ((error: Error | null) => ReactNode);
  /** Stands before the buttons that every form has. */
  extra?: ReactNode;
  isDanger?: boolean;
  size?: "s" | "m" | "l";
}

/**
 * A small form over a page: saves, says so, and asks before typed words are lost, by closing it or by
 * leaving the page.
 */
export function EditDialog<Saved>(props: EditProps<Saved>) {
  const words = useWords().common;
  const { isDirty, onClose } = props;
  const [isLeaving, setLeaving] = useState(false);
  const { saving, isSaved } = useSaving(props);
  const close = () => (isDirty ? setLeaving(true) : onClose());
  return (
    <Dialog title={props.title} isOpen onClose={close} size={props.size ?? "m"}>
      <Form
        error={saving.error}
        onSubmit={() => saving.mutate()}
        actions={
          <>
            {props.extra}
            <Button onPress={close}>{words.cancel}</Button>
            <Button
              type="submit"
              kind={props.isDanger === true ? "danger" : "primary"}
              isPending={saving.isPending}
            >
              {props.submit ?? words.save}
            </Button>
          </>
        }
      >
        {typeof props.children === "function" ? props.children(saving.error) : props.children}
      </Form>
      <LeaveGuard isDirty={() => isDirty && !isSaved.current} />
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

function useSaving<Saved>(props: EditProps<Saved>) {
  const queries = useQueryClient();
  const [key] = useIdempotencyKey();
  const isSaved = useRef(false); // at once, since what follows a save may leave the page
  const saving = useMutation({
    mutationFn: () => props.save(key),
    meta: { isShown: true },
    async onSuccess(saved) {
      isSaved.current = true;
      await Promise.all(
        props.touches.map((resource) => queries.invalidateQueries({ queryKey: [resource] })),
      );
      if (props.done !== undefined) showDone(props.done);
      if (props.onSaved === undefined) props.onClose();
      else props.onSaved(saved);
    },
  });
  return { saving, isSaved };
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
