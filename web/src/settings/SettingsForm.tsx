import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { Button } from "../ui/Button.tsx";
import { Form } from "../ui/Form.tsx";
import { LeaveGuard } from "../ui/LeaveGuard.tsx";
import { showDone } from "../ui/toasts.ts";
import { useWords } from "../words/words.tsx";

/**
 * Fields that are saved together; the page is not left with unsaved ones unasked. What is not typed
 * over is what the server has: at first, after a save, and when a colleague changes it.
 */
export function SettingsForm<Draft extends object, Answer>(props: {
  /** What the server has, as the fields show it. */
  saved: Draft;
  mayChange?: boolean;
  save: (draft: Draft) => Promise<Answer>;
  /** Puts the server's answer where `saved` comes from. */
  keep: (answer: Answer) => void;
  /** Resources that are other afterwards. */
  touches: string[];
  children: (draft: Draft, change: (changed: Partial<Draft>) => void) => ReactNode;
}) {
  const words = useWords().settings;
  const queries = useQueryClient();
  const [typed, setTyped] = useState<Draft>();
  const draft = typed ?? props.saved;
  const saving = useMutation({
    mutationFn: props.save,
    meta: { isShown: true },
    async onSuccess(answer, sent) {
      props.keep(answer);
      setTyped((now) => (now === sent ? undefined : now)); // what was typed meanwhile stays
      showDone(words.saved);
      await Promise.all(
        props.touches.map((resource) => queries.invalidateQueries({ queryKey: [resource] })),
      );
    },
  });
  const isDirty = typed !== undefined && JSON.stringify(typed) !== JSON.stringify(props.saved);
  return (
    <Form
      error={saving.error}
      onSubmit={() => saving.mutate(draft)}
      actions={
        props.mayChange !== false && (
          <Button type="submit" kind="primary" isPending={saving.isPending}>
            {words.save}
          </Button>
        )
      }
    >
      {props.children(draft, (changed) => setTyped({ ...draft, ...changed }))}
      <LeaveGuard isDirty={isDirty && !saving.isPending} />
    </Form>
  );
}
