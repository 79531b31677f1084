import { ok, type PeopleFilter } from "@koinonia/client";
import { useState } from "react";
import { api } from "../api/client.ts";
import { EditDialog } from "../ui/EditDialog.tsx";
import { TextField } from "../ui/TextField.tsx";
import { showDone } from "../ui/toasts.ts";
import { useWords } from "../words/words.tsx";

/** Keeps the filter under a name, for the list and for sending. */
export function SegmentDialog(props: {
  filter: PeopleFilter;
  onSaved: (id: string) => void;
  onClose: () => void;
}) {
  const words = useWords().people;
  const [name, setName] = useState("");
  return (
    <EditDialog
      title={words.saveSegment}
      isDirty={name !== ""}
      save={(key) =>
        ok(
          api.POST("/api/segments", {
            params: { header: { "Idempotency-Key": key } },
            body: { name, filter: props.filter },
          }),
        )
      }
      touches={["segments"]}
      onSaved={(segment) => {
        showDone(words.segmentSaved(segment.name));
        props.onClose();
        props.onSaved(segment.id);
      }}
      onClose={props.onClose}
      size="s"
    >
      <p className="muted">{words.saveSegmentWhy}</p>
      <TextField
        name="name"
        label={words.segmentName}
        isRequired
        maxLength={100}
        autoFocus
        value={name}
        onChange={setName}
      />
    </EditDialog>
  );
}
