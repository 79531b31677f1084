import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Button } from "../ui/Button.tsx";
import { Form } from "../ui/Form.tsx";
import { LeaveGuard } from "../ui/LeaveGuard.tsx";
import { showDone } from "../ui/toasts.ts";
import { useWords } from "../words/words.tsx";

/** Fields that are saved together; the page is not left with unsaved ones unasked. */
export function SettingsForm(props: {
  isDirty: boolean;
  mayChange?: boolean;
  save: () => Promise<unknown>;
  /** Resources that are other afterwards. */
  touches: string[];
  children: ReactNode;
}) {
  const words = useWords().settings;
  const queries = useQueryClient();
  const saving = useMutation({
    mutationFn: props.save,
    meta: { isShown: true },
    async onSuccess() {
      await Promise.all(
        props.touches.map((resource) => queries.invalidateQueries({ queryKey: [resource] })),
      );
      showDone(words.saved);
    },
  });
  return (
    <Form
      error={saving.error}
      onSubmit={() => saving.mutate()}
      actions={
        props.mayChange !== false && (
          <Button type="submit" kind="primary" isPending={saving.isPending}>
            {words.save}
          </Button>
        )
      }
    >
      {props.children}
      <LeaveGuard isDirty={props.isDirty && !saving.isPending} />
    </Form>
  );
}
