import { type Label, ok } from "@koinonia/client";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../api/client.ts";
import { useMay } from "../api/queries.ts";
import { EditDialog } from "../ui/EditDialog.tsx";
import { TextField } from "../ui/TextField.tsx";
import { useWords } from "../words/words.tsx";
import { ItemsSection } from "./ItemsSection.tsx";
import styles from "./Layout.module.css";
import { labelsQuery } from "./queries.ts";

const TOUCHES = ["labels", "conversations"];
const FIRST_COLOUR = "#0d6656";

/** What conversations are marked with. */
export function LabelsPage() {
  const words = useWords().settings;
  return (
    <ItemsSection
      title={words.sections.labels}
      note={words.labelsWhy}
      add={words.addLabel}
      empty={words.noLabels}
      query={useQuery(labelsQuery)}
      mayChange={useMay("labels.work")}
      nameOf={({ name }) => name}
      leadOf={({ colour }) => <span className={styles.swatch} style={{ background: colour }} />}
      form={(label, onClose) => <LabelDialog {...(label ? { label } : {})} onClose={onClose} />}
      remove={({ id }) =>
        ok(api.DELETE("/api/labels/{labelId}", { params: { path: { labelId: id } } }))
      }
      removeWhy={words.removeLabelWhy}
      touches={TOUCHES}
    />
  );
}

function LabelDialog({ label, onClose }: { label?: Label; onClose: () => void }) {
  const words = useWords().settings;
  const [name, setName] = useState(label?.name ?? "");
  const [colour, setColour] = useState(label?.colour ?? FIRST_COLOUR);
  const body = { name, colour };
  const save = (key: string) =>
    label === undefined
      ? ok(api.POST("/api/labels", { params: { header: { "Idempotency-Key": key } }, body }))
      : ok(api.PATCH("/api/labels/{labelId}", { params: { path: { labelId: label.id } }, body }));
  return (
    <EditDialog
      title={label === undefined ? words.addLabel : words.change(label.name)}
      isDirty={name !== (label?.name ?? "")}
      save={save}
      touches={TOUCHES}
      done={words.saved}
      onClose={onClose}
      size="s"
    >
      <TextField
        name="name"
        label={words.labelName}
        isRequired
        autoFocus
        maxLength={50}
        value={name}
        onChange={setName}
      />
      <TextField
        name="colour"
        type="color"
        label={words.colour}
        isRequired
        value={colour}
        onChange={setColour}
      />
    </EditDialog>
  );
}
