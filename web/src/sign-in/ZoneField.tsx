import { useMemo } from "react";
import { ComboBox } from "../ui/ComboBox.tsx";
import { zoneName, zones } from "./zones.ts";

/** An IANA zone, found by the name of its city. */
export function ZoneField(props: {
  label: string;
  hint?: string;
  value: string;
  onChange: (zone: string) => void;
}) {
  const choices = useMemo(() => zones().map((id) => ({ id, name: zoneName(id) })), []);
  return <ComboBox {...props} name="timezone" choices={choices} />;
}
