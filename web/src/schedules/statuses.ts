import type { ScheduleStatus } from "@koinonia/client";

export const SCHEDULE_STATUSES = [
  "active",
  "paused",
  "finished",
  "cancelled",
] as const satisfies ScheduleStatus[];
