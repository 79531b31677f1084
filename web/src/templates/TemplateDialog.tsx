import { ok, type Template } from "@koinonia/client";
import { useState } from "react";
import { api } from "../api/client.ts";
import { fieldErrors } from "../api/errors.ts";
import { MergeTextArea } from "../compose/MergeTextArea.tsx";
import { PartsLine } from "../compose/PartsLine.tsx";
import { useMergeFields } from "../compose/useMergeFields.ts";
import { EditDialog } from "../ui/EditDialog.tsx";
import { FieldRow } from "../ui/Form.tsx";
import { TextField } from "../ui/TextField.tsx";
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
  return (
    <EditDialog
      title={template === null ? words.templates.add : words.templates.edit(template.name)}
      isDirty={isDirty}
      save={(key) => save(template, written, key)}
      touches={["templates"]}
      done={words.templates.saved}
      onClose={onClose}
      size="l"
    >
      {(error) => (
        <>
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
            error={fieldErrors(error)["content"]?.join(" ")}
            maxLength={1600}
          />
          <PartsLine text={written.content} onChange={(content) => change({ content })} />
        </>
      )}
    </EditDialog>
  );
}

function save(template: Template | null, body: Written, key: string) {
  return template === null
    ? ok(api.POST("/api/templates", { params: { header: { "Idempotency-Key": key } }, body }))
    : ok(
        api.PATCH("/api/templates/{templateId}", {
          params: { path: { templateId: template.id } },
          body,
        }),
      );
}
