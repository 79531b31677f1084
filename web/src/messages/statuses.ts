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
