import { ok, type Template } from "@koinonia/client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../api/client.ts";
import { fieldErrors } from "../api/errors.ts";
import { useIdempotencyKey } from "../api/idempotency.ts";
import { MergeTextArea } from "../compose/MergeTextArea.tsx";
import { PartsLine } from "../compose/PartsLine.tsx";
import { useMergeFields } from "../compose/useMergeFields.ts";
import { Button } from "../ui/Button.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { FieldRow, Form } from "../ui/Form.tsx";
import { LeaveGuard } from "../ui/LeaveGuard.tsx";
import { TextField } from "../ui/TextField.tsx";
import { showDone } from "../ui/toasts.ts";
import { useWords } from "../words/words.tsx";

interface Written {
  name: string;
  category: string;
  content: string;
}

/** Writes a template, a new one without `template`. */
export function TemplateDialog(props: {
  template: Template | null;
  categories: string[];
  onClose: () => void;
}) {
  const words = useWords();
  const { template, onClose } = props;
  const fields = useMergeFields();
  const [written, setWritten] = useState<Written>({
    name: template?.name ?? "",
    category: template?.category ?? props.categories[0] ?? "",
    content: template?.content ?? "",
  });
  const [isDirty, setDirty] = useState(false);
  const change = (part: Partial<Written>) => {
    setDirty(true);
    setWritten({ ...written, ...part });
  };
  const save = useSaving(template, written, onClose);
  return (
    <Dialog
      title={template === null ? words.templates.add : words.templates.edit(template.name)}
      isOpen
      isFirm={isDirty}
      onClose={onClose}
      size="l"
    >
      <Form
        error={save.error}
        onSubmit={() => save.mutate()}
        actions={
          <>
            <Button onPress={onClose}>{words.common.cancel}</Button>
            <Button type="submit" kind="primary" isPending={save.isPending}>
              {words.common.save}
            </Button>
          </>
        }
      >
        <FieldRow>
          <TextField
            name="name"
            label={words.templates.name}
            isRequired
            autoFocus
            maxLength={100}
            value={written.name}
            onChange={(name) => change({ name })}
          />
          <TextField
            name="category"
            label={words.templates.category}
            hint={words.templates.categoryHint}
            isRequired
            maxLength={50}
            value={written.category}
            onChange={(category) => change({ category })}
          />
        </FieldRow>
        <MergeTextArea
          name="content"
          label={words.templates.content}
          hint={words.send.textHint}
          value={written.content}
          onChange={(content) => change({ content })}
          fields={fields}
          error={fieldErrors(save.error)["content"]?.join(" ")}
          maxLength={1600}
        />
        <PartsLine text={written.content} onChange={(content) => change({ content })} />
      </Form>
      <LeaveGuard isDirty={isDirty && !save.isSuccess} />
    </Dialog>
  );
}

function useSaving(template: Template | null, body: Written, onClose: () => void) {
  const words = useWords().templates;
  const queries = useQueryClient();
  const [key] = useIdempotencyKey();
  return useMutation({
    mutationFn: () =>
      template === null
        ? ok(api.POST("/api/templates", { params: { header: { "Idempotency-Key": key } }, body }))
        : ok(
            api.PATCH("/api/templates/{templateId}", {
              params: { path: { templateId: template.id } },
              body,
            }),
          ),
    meta: { isShown: true },
    async onSuccess() {
      await queries.invalidateQueries({ queryKey: ["templates"] });
      showDone(words.saved);
      onClose();
    },
  });
}
