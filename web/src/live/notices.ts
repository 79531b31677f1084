import type { EventNamed } from "@koinonia/client";
import { lookingName } from "./looking.ts";
import { noticeChoices } from "./noticeChoices.ts";
import { mayBeHeard, play } from "./sounds.ts";

const LATE_MS = 10 * 60_000; // what a stream brings after a long cut is in the list, and no news
const HELD_MS = 5_000; // longer than any two tabs are apart

/**
 * Tells that somebody should see something, once for all tabs of a browser: the first to hold the
 * lock of the event shows it, and the first that may be heard plays it. Nothing is told of what
 * somebody is looking at. The notice says why, and neither a phone nor a word of a text.
 */
export async function tell(
  event: EventNamed<"staff.notified">,
  title: string,
  open: () => void,
): Promise<void> {
  const { isShown, volume, silent } = noticeChoices();
  const { reason, conversationId, occurredAt } = event.data;
  if (silent.includes(reason) || Date.now() - Date.parse(occurredAt) > LATE_MS) return;
  if (await isLookedAt(conversationId)) return;
  if (isShown && Notification.permission === "granted") {
    await once(`shown-${event.id}`, () => show(title, event.id, open));
  }
  if (volume !== "off" && mayBeHeard()) {
    await once(`heard-${event.id}`, () => void play(reason, volume));
  }
}

async function isLookedAt(conversationId: string): Promise<boolean> {
  if (!("locks" in navigator)) return false;
  const { held = [] } = await navigator.locks.query();
  return held.some(({ name }) => name === lookingName(conversationId));
}

async function once(name: string, act: () => void): Promise<void> {
  if (!("locks" in navigator)) {
    act();
    return;
  }
  await new Promise<void>((resolve) => {
    void navigator.locks.request(`koinonia-notice-${name}`, { ifAvailable: true }, async (lock) => {
      if (lock !== null) act();
      resolve();
      if (lock !== null) await new Promise((over) => setTimeout(over, HELD_MS));
    });
  });
}

function show(title: string, tag: string, open: () => void): void {
  const notice = new Notification(title, { tag, icon: "/icon-192.png" });
  notice.onclick = () => {
    window.focus();
    notice.close();
    open();
  };
}
