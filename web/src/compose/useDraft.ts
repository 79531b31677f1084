import { useEffect, useEffectEvent, useState } from "react";
import { newKey } from "../api/idempotency.ts";
import {
  type Draft,
  type DraftPlace,
  draftName,
  dropDraft,
  keepDraft,
  keptDraft,
} from "./drafts.ts";

const PAUSE_MS = 300;

/**
 * A draft that outlives the page: kept a moment after the last key, and when the page is left.
 * Mount what uses it with `key={draftName(place)}`, so that another place is another draft.
 */
export function useDraft(place: DraftPlace): {
  draft: Draft;
  change: (next: Partial<Draft>) => void;
  /** After it was sent: begins the next one, with a key of its own. */
  clear: () => void;
} {
  const [draft, setDraft] = useState<Draft>(() => keptDraft(place) ?? { text: "", key: newKey() });
  const name = draftName(place);
  const keep = useEffectEvent(() => keepDraft(place, draft));

  // biome-ignore lint/correctness/useExhaustiveDependencies: each new draft starts the pause anew
  useEffect(() => {
    const timer = setTimeout(() => keep(), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [draft]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a place is known by its name
  useEffect(() => {
    const leave = () => keep();
    window.addEventListener("pagehide", leave);
    return () => {
      window.removeEventListener("pagehide", leave);
      leave();
    };
  }, [name]);

  return {
    draft,
    change: (next) => setDraft((old) => ({ ...old, ...next })),
    clear() {
      dropDraft(place);
      setDraft({ text: "", key: newKey() });
    },
  };
}
