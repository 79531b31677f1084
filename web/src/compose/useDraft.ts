import { useEffect, useEffectEvent, useRef, useState } from "react";
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

/** What is new, or what that is after whatever was changed before. */
type Change = Partial<Draft> | ((old: Draft) => Partial<Draft>);

/**
 * A draft that outlives the page: kept a moment after the last key, and when the page is left.
 * Mount what uses it with `key={draftName(place)}`, so that another place is another draft.
 */
export function useDraft(place: DraftPlace): {
  draft: Draft;
  /** Also when the page was left meanwhile, as by a picture that took its time. */
  change: (next: Change) => void;
  /** After it was sent: begins the next one, with a key of its own. */
  clear: () => void;
} {
  const [draft, setDraft] = useState<Draft>(() => keptOrNew(place));
  const isLeft = useRef(false);
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
    isLeft.current = false;
    window.addEventListener("pagehide", leave);
    return () => {
      isLeft.current = true;
      window.removeEventListener("pagehide", leave);
      leave();
    };
  }, [name]);

  return {
    draft,
    change(next) {
      const changed = (old: Draft) => ({
        ...old,
        ...(typeof next === "function" ? next(old) : next),
      });
      if (isLeft.current) keepDraft(place, changed(keptOrNew(place)));
      else setDraft(changed);
    },
    clear() {
      dropDraft(place);
      setDraft({ text: "", key: newKey() });
    },
  };
}

function keptOrNew(place: DraftPlace): Draft {
  return keptDraft(place) ?? { text: "", key: newKey() };
}
