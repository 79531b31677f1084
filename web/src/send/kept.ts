import { useEffect, useRef, useState } from "react";
import { useMe } from "../api/queries.ts";
import { type Broadcast, emptyBroadcast, isEmpty } from "./broadcast.ts";

/* The broadcast that is being written, kept on this device for who writes it. */

const SAVED_AFTER_MS = 300;

export interface KeptBroadcast {
  /** Under which it is kept. */
  name: string;
  draft: Broadcast;
  change: (change: Partial<Broadcast>) => void;
  /** Begins anew: after it was sent, or because somebody says so. */
  replace: (draft: Broadcast) => void;
}

/** Whose drafts they are: those of one person in one church. */
export function useDraftOwner(): string {
  const { admin, church } = useMe();
  return `${church.id}.${admin.id}`;
}

/**
 * The draft of `name` on this device; `first` where there is none, or where a colleague has saved
 * another version of it since.
 */
export function useKeptBroadcast(name: string, first?: Broadcast): KeptBroadcast {
  const place = placeOf(useDraftOwner(), name);
  const [draft, setDraft] = useState(() => begun(read(place), first));
  useKeeping(place, draft);
  return {
    name,
    draft,
    change: (change) => setDraft((before) => ({ ...before, ...change })),
    replace(next) {
      write(place, next);
      setDraft(next);
    },
  };
}

/** Keeps a draft for a page that is opened later. */
export function keepDraft(owner: string, name: string, draft: Broadcast): void {
  write(placeOf(owner, name), draft);
}

function placeOf(owner: string, name: string): string {
  return `koinonia.draft.${owner}.${name}`;
}

function begun(kept: Broadcast | undefined, first: Broadcast | undefined): Broadcast {
  if (kept === undefined) return first ?? emptyBroadcast();
  if (first === undefined || first.saved?.version === kept.saved?.version) return kept;
  return first;
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
