import type { EventNamed } from "@koinonia/client";
import { useSyncExternalStore } from "react";

export type NoticeReason = EventNamed<"staff.notified">["data"]["reason"];

export const REASONS: NoticeReason[] = ["mentioned", "assigned", "keyword", "reply_refused"];
export const VOLUMES = ["off", "quiet", "normal", "loud"] as const;
export type Volume = (typeof VOLUMES)[number];

/** What this device does when somebody should see something; another device may do otherwise. */
export interface NoticeChoices {
  isShown: boolean;
  volume: Volume;
  /** The reasons that are told here neither by a notice nor by a sound. */
  silent: NoticeReason[];
}

const KEPT = "koinonia.notices";
const AT_FIRST: NoticeChoices = { isShown: false, volume: "off", silent: [] };
const listeners = new Set<() => void>();
let known: { text: string | null; choices: NoticeChoices } = { text: null, choices: AT_FIRST };

/** As it is kept now; another tab may have changed it. */
export function noticeChoices(): NoticeChoices {
  const text = localStorage.getItem(KEPT);
  if (text !== known.text) known = { text, choices: { ...AT_FIRST, ...parsed(text) } };
  return known.choices;
}

export function chooseNotices(change: Partial<NoticeChoices>): void {
  localStorage.setItem(KEPT, JSON.stringify({ ...noticeChoices(), ...change }));
  for (const listener of listeners) listener();
}

export function useNoticeChoices(): NoticeChoices {
  return useSyncExternalStore(subscribe, noticeChoices);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener("storage", listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener("storage", listener);
  };
}

function parsed(text: string | null): Partial<NoticeChoices> {
  try {
    const kept: unknown = JSON.parse(text ?? "{}");
    return typeof kept === "object" && kept !== null ? kept : {};
  } catch {
    return {};
  }
}
