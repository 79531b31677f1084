import { useSyncExternalStore } from "react";

type Listener = () => void;
/** What tabs of one browser tell each other, for they share the cookies of one session. */
type Word = { kind: "begun"; adminId: string } | { kind: "ended" };

const listeners = new Set<Listener>();
const tabs = new BroadcastChannel("koinonia-session");
let isEnded = false;
let ownId: string | undefined;

tabs.onmessage = ({ data }: MessageEvent<Word>) => {
  if (data.kind === "ended") set(true);
  // Somebody else signed in: what stands here belongs to who is gone, and would act as the other.
  else if (ownId !== undefined && data.adminId !== ownId) location.assign("/");
  else set(false);
};

/** The server knows the session no more. The page stays as it is and asks to sign in again. */
export function endSession(): void {
  if (isEnded) return;
  set(true);
  tabs.postMessage({ kind: "ended" } satisfies Word);
}

/** Somebody has signed in in this tab. */
export function beginSession(adminId: string): void {
  ownId = adminId;
  set(false);
  tabs.postMessage({ kind: "begun", adminId } satisfies Word);
}

/** This page shows what is of this admin. */
export function ownSession(adminId: string): void {
  ownId = adminId;
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
