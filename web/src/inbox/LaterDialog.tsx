import { useState } from "react";
import { useMe } from "../api/queries.ts";
import { Button } from "../ui/Button.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { TextField } from "../ui/TextField.tsx";
import { useWords } from "../words/words.tsx";
import { instantOf, wallTimeOf } from "../words/zone.ts";

const HOUR_MS = 60 * 60_000;

/** A day and an hour at the church, for an answer that goes out then. */
export default function LaterDialog(props: {
  onClose: () => void;
  onChoose: (sendAt: string) => void;
}) {
  const words = useWords().reply;
  const { church } = useMe();
  const [wallTime, setWallTime] = useState(() => nextHour(church.timezone));
  return (
    <Dialog
      title={words.laterTitle}
      isOpen
      size="s"
      onClose={props.onClose}
      actions={
        <Button
          kind="primary"
          isDisabled={wallTime === ""}
          onPress={() => props.onChoose(instantOf(wallTime, church.timezone).toISOString())}
        >
          {words.laterDo}
        </Button>
      }
    >
      <TextField
        type="datetime-local"
        label={words.laterWhen}
        hint={words.laterZone(church.timezone.replaceAll("_", " "))}
        isRequired
        autoFocus
        value={wallTime}
        onChange={setWallTime}
      />
    </Dialog>
  );
}

function nextHour(zone: string): string {
  return `${wallTimeOf(new Date(Date.now() + HOUR_MS), zone).slice(0, 13)}:00`;
}
