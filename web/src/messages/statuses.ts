import type { DeliveryStatus, MessageStatus } from "@koinonia/client";

/** Of a broadcast, in the order in which they are offered. */
export const MESSAGE_STATUSES = [
  "pending",
  "sending",
  "paused",
  "completed",
  "declined",
  "cancelled",
] as const satisfies MessageStatus[];

/** Of one text to one phone. */
export const TEXT_STATUSES = [
  "delivered",
  "sent",
  "failed",
  "unconfirmed",
  "skipped",
  "sending",
  "pending",
] as const satisfies DeliveryStatus[];

/** What a phone did after it. */
export const RESPONSES = ["replied", "stopped"] as const;
export type Response = (typeof RESPONSES)[number];

export function isResponse(which: string | undefined): which is Response {
  return RESPONSES.some((each) => each === which);
}
