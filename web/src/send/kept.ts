import { useEffect, useRef, useState } from "react";
import { useMe } from "../api/queries.ts";
import { type Broadcast, emptyBroadcast, isEmpty } from "./broadcast.ts";

/* The broadcast that is being written, kept on this device for who writes it. */

const SAVED_AFTER_MS = 300;

export interface KeptBroadcast {
  draft: Broadcast;
  change: (change: Partial<Broadcast>) => void;
  /** Begins anew: after it was sent, or because somebody says so. */
  replace: (draft: Broadcast) => void;
}

/** The draft of `name` on this device; `first` where there is none. */
export function useKeptBroadcast(name: string, first?: Broadcast): KeptBroadcast {
  const { admin, church } = useMe();
  const place = `koinonia.draft.${church.id}.${admin.id}.${name}`;
  const [draft, setDraft] = useState(() => first ?? read(place) ?? emptyBroadcast());
  useKeeping(place, draft);
  return {
    draft,
    change: (change) => setDraft((before) => ({ ...before, ...change })),
    replace(next) {
      write(place, next);
      setDraft(next);
    },
  };
}

function useKeeping(place: string, draft: Broadcast): void {
  const latest = useRef(draft);
  useEffect(() => {
    latest.current = draft;
    const timer = setTimeout(() => write(place, draft), SAVED_AFTER_MS);
    return () => clearTimeout(timer);
  }, [place, draft]);
  useEffect(() => {
    const save = () => write(place, latest.current);
    addEventListener("pagehide", save);
    return () => {
      removeEventListener("pagehide", save);
      save();
    };
  }, [place]);
}

function write(place: string, draft: Broadcast): void {
  try {
    if (isEmpty(draft)) localStorage.removeItem(place);
    else localStorage.setItem(place, JSON.stringify(draft));
  } catch {
    // A full or forbidden store: the page still holds it.
  }
}

function read(place: string): Broadcast | undefined {
  try {
    const kept = localStorage.getItem(place);
    return kept === null ? undefined : { ...emptyBroadcast(), ...JSON.parse(kept) };
  } catch {
    return undefined;
  }
}
