import type { Broadcast } from "./broadcast.ts";
import { keepDraft } from "./kept.ts";

/* What was sent last in this tab, so that whoever undoes it has their words again. */

export const UNDO_SECONDS = 10;
const SECOND = 1_000;

interface LastSent {
  messageId: string;
  draft: Broadcast;
  /** The place of the draft: see `useKeptBroadcast`. */
  name: string;
  owner: string;
  /** By the clock of this device, which may be far from the server's. */
  leavesAt: number;
}

let last: LastSent | undefined;

export function rememberSent(sent: Omit<LastSent, "leavesAt">): void {
  last = { ...sent, leavesAt: Date.now() + UNDO_SECONDS * SECOND };
}

/** When a message leaves, by this device's clock; `undoUntil` is by the server's. */
export function leavesAt(messageId: string, undoUntil: string): number {
  return last?.messageId === messageId ? last.leavesAt : Date.parse(undoUntil);
}

/** Where the words of a message are again that was undone; undefined where others wrote it. */
export function restored(messageId: string, key: string): SendSearch | undefined {
  if (last?.messageId !== messageId) return undefined;
  const { name, search } = placeOf(last.name);
  // The team's draft is gone with the send, and what has the old key was sent already.
  keepDraft(last.owner, name, { ...last.draft, key, saved: null });
  last = undefined;
  return search;
}

export interface SendSearch {
  after?: string;
  outcome?: "failed" | "sent";
  template?: string;
  undone?: true;
}

function placeOf(name: string): { name: string; search: SendSearch } {
  const [kind, id] = name.split(".");
  if (kind === "broadcast") return { name, search: {} };
  if (id !== undefined && kind === "template") return { name, search: { template: id } };
  if (id !== undefined && (kind === "failed" || kind === "sent")) {
    return { name, search: { after: id, outcome: kind } };
  }
  return { name: "undone", search: { undone: true } };
}
