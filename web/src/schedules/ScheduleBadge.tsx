import type { ScheduleStatus } from "@koinonia/client";
import { Badge, type Tone } from "../ui/Badge.tsx";
import { useWords } from "../words/words.tsx";

const TONES: Record<ScheduleStatus, Tone> = {
  active: "info",
  paused: "warning",
  finished: "success",
  cancelled: "neutral",
};

export function ScheduleBadge({ status }: { status: ScheduleStatus }) {
  const words = useWords().schedules;
  return <Badge tone={TONES[status] ?? "neutral"}>{words.statuses[status] ?? status}</Badge>;
}
