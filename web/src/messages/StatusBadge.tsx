import type { DeliveryStatus, MessageStatus } from "@koinonia/client";
import { Badge, type Tone } from "../ui/Badge.tsx";
import { useWords } from "../words/words.tsx";

const TONES: Record<MessageStatus, Tone> = {
  pending: "info",
  sending: "info",
  paused: "warning",
  completed: "success",
  declined: "danger",
  cancelled: "neutral",
};

const TEXT_TONES: Record<DeliveryStatus, Tone> = {
  pending: "neutral",
  sending: "info",
  sent: "info",
  delivered: "success",
  failed: "danger",
  unconfirmed: "warning",
  skipped: "neutral",
};

/** Where a broadcast stands. A state that this page does not know is shown as the API says it. */
export function StatusBadge({ status }: { status: MessageStatus }) {
  const words = useWords().messages;
  return <Badge tone={TONES[status] ?? "neutral"}>{words.statuses[status] ?? status}</Badge>;
}

/** Where one text to one phone stands. */
export function TextBadge({ status }: { status: DeliveryStatus }) {
  const words = useWords().messages;
  return <Badge tone={TEXT_TONES[status] ?? "neutral"}>{words.counts[status] ?? status}</Badge>;
}
