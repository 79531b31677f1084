import { useSyncExternalStore } from "react";

/**
 * How near what is shown is to what is: `live`, `late` (the server itself hears late), `lost`
 * since `at`, or `catching` up after that.
 */
export type Connection = { kind: "live" | "late" | "catching" } | { kind: "lost"; at: Date };

const SHOWN_AFTER_MS = 3_000; // a stream that is opened again at once worries nobody
const listeners = new Set<() => void>();
let connection: Connection = { kind: "live" };
let timer: ReturnType<typeof setTimeout> | undefined;

export function setConnection(next: Connection): void {
  clearTimeout(timer);
  timer = undefined;
  connection = next;
  for (const listener of listeners) listener();
}

/** The stream was cut. It is said only if it stays so for some seconds. */
export function loseConnection(): void {
  if (connection.kind === "lost" || timer !== undefined) return;
  const at = new Date();
  timer = setTimeout(() => setConnection({ kind: "lost", at }), SHOWN_AFTER_MS);
}

/** The stream is open. */
export function openConnection(): void {
  if (timer !== undefined || connection.kind === "lost") setConnection({ kind: "live" });
}

/** What is shown was fetched anew, unless the stream was lost again meanwhile. */
export function endCatchingUp(): void {
  if (connection.kind === "catching") setConnection({ kind: "live" });
}

export function useConnection(): Connection {
  return useSyncExternalStore(subscribe, () => connection);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
