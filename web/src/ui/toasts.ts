import { useSyncExternalStore } from "react";

export interface Toast {
  id: number;
  kind: "done" | "failed";
  /** A failure instead of a sentence: the region finds the reader's words for it. */
  text?: string;
  error?: unknown;
  action?: { label: string; run: () => void };
}

const SHOWN_MS = 6_000;
const SHOWN_WITH_ACTION_MS = 12_000;
const listeners = new Set<() => void>();
let toasts: readonly Toast[] = [];
let lastId = 0;

/** Says that something was done, with a way back where there is one. */
export function showDone(text: string, action?: Toast["action"]): number {
  return show({ kind: "done", text, ...(action ? { action } : {}) }, action);
}

/** Says that a change did not work. It stays until it is dismissed. */
export function showFailure(error: unknown): number {
  return show({ kind: "failed", error });
}

export function dismiss(id: number): void {
  set(toasts.filter((toast) => toast.id !== id));
}

export function useToasts(): readonly Toast[] {
  return useSyncExternalStore(subscribe, () => toasts);
}

function show(toast: Omit<Toast, "id">, action?: Toast["action"]): number {
  lastId += 1;
  const id = lastId;
  set([...toasts, { ...toast, id }].slice(-3));
  if (toast.kind === "done") {
    setTimeout(() => dismiss(id), action ? SHOWN_WITH_ACTION_MS : SHOWN_MS);
  }
  return id;
}

function set(next: readonly Toast[]): void {
  toasts = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
