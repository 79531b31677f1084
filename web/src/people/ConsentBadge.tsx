import type { ConsentState } from "@koinonia/client";
import { Badge, type Tone } from "../ui/Badge.tsx";
import { useWords } from "../words/words.tsx";

const TONES: Record<ConsentState, Tone> = {
  granted: "success",
  revoked: "danger",
  none: "neutral",
};

/** Whether this phone may be texted. */
export function ConsentBadge(props: { state: ConsentState; isAsking?: boolean }) {
  const words = useWords().people;
  if (props.isAsking === true) return <Badge tone="warning">{words.asking}</Badge>;
  return <Badge tone={TONES[props.state]}>{words.consents[props.state]}</Badge>;
}
