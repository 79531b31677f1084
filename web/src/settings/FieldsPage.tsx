import { type Field, ok } from "@koinonia/client";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../api/client.ts";
import { useMay } from "../api/queries.ts";
import { fieldsQuery } from "../groups/queries.ts";
import { keyOf } from "../imports/mapping.ts";
import { EditDialog } from "../ui/EditDialog.tsx";
import { TextField } from "../ui/TextField.tsx";
import { useWords } from "../words/words.tsx";
import { ItemsSection } from "./ItemsSection.tsx";

const TOUCHES = ["fields", "members"];

/** What the church writes down about people, which texts may name. */
export function FieldsPage() {
  const words = useWords().settings;
  return (
    <ItemsSection
      title={words.sections.fields}
      note={words.fieldsWhy}
      add={words.addField}
      empty={words.noFields}
      query={useQuery(fieldsQuery)}
      mayChange={useMay("fields.work")}
      nameOf={({ label }) => label}
      noteOf={({ key }) => <code>{`{{${key}}}`}</code>}
      form={(field, onClose) => <FieldDialog {...(field ? { field } : {})} onClose={onClose} />}
      remove={({ id }) =>
        ok(api.DELETE("/api/fields/{fieldId}", { params: { path: { fieldId: id } } }))
      }
      removeWhy={words.removeFieldWhy}
      touches={TOUCHES}
    />
  );
}

function FieldDialog({ field, onClose }: { field?: Field; onClose: () => void }) {
  const words = useWords().settings;
  const [label, setLabel] = useState(field?.label ?? "");
  const [key, setKey] = useState<string>();
  const named = field?.key ?? key ?? (label === "" ? "" : keyOf(label));
  const save = (once: string) =>
    field === undefined
      ? ok(
          api.POST("/api/fields", {
            params: { header: { "Idempotency-Key": once } },
            body: { key: named, label },
          }),
        )
      : ok(
          api.PATCH("/api/fields/{fieldId}", {
            params: { path: { fieldId: field.id } },
            body: { label },
          }),
        );
  return (
    <EditDialog
      title={field === undefined ? words.addField : words.change(field.label)}
      isDirty={label !== (field?.label ?? "")}
      save={save}
      touches={TOUCHES}
      done={words.saved}
      onClose={onClose}
      size="s"
    >
      <TextField
        name="label"
        label={words.fieldLabel}
        isRequired
        autoFocus
        maxLength={100}
        value={label}
        onChange={setLabel}
      />
      <TextField
        name="key"
        label={words.fieldKey}
        hint={field === undefined ? words.fieldKeyHint : words.fieldKeyFixed}
        isRequired
        isReadOnly={field !== undefined}
        maxLength={40}
        value={named}
        onChange={setKey}
      />
    </EditDialog>
  );
}
