import { useSyncExternalStore } from "react";

type Listener = () => void;

const listeners = new Set<Listener>();
let isEnded = false;

/** The server knows the session no more. The page stays as it is and asks to sign in again. */
export function endSession(): void {
  set(true);
}

/** Somebody has signed in. */
export function beginSession(): void {
  set(false);
}

export function useSessionEnded(): boolean {
  return useSyncExternalStore(subscribe, () => isEnded);
}

function set(ended: boolean): void {
  if (ended === isEnded) return;
  isEnded = ended;
  for (const listener of listeners) listener();
}

function subscribe(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
