import { randomUUID } from "node:crypto";
import {
  type Client,
  type Group,
  type MessageDetail,
  ok,
  type Preview,
  type SendRequest,
} from "../src/index.ts";
import type { Live } from "./live.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

/** A text to a group: seen before, sent as seen, followed on the stream until it is done. */
export async function send(
  api: Client,
  live: Live,
  group: Group,
): Promise<[Preview, MessageDetail]> {
  const template = await ok(
    api.POST("/api/templates", {
      body: { name: "Picnic", content: "Hello {{firstName|friend}}, picnic at noon!" },
    }),
  );
  const draft: SendRequest = {
    templateId: template.id,
    targetType: "groups",
    targetIds: [group.id],
  };
  const preview = await ok(api.POST("/api/messages/preview", { body: draft }));
  const accepted = await ok(
    api.POST("/api/messages/send", {
      params: { header: { "Idempotency-Key": randomUUID() } },
      body: { ...draft, previewHash: preview.previewHash },
    }),
  );
  if (accepted.kind !== "message") throw new Error(`A schedule at ${accepted.scheduledAt}`);
  const { messageId } = accepted;
  const { data } = await live.next(
    "message.completed",
    (event) => event.data.messageId === messageId,
  );
  const params = { path: { messageId } };
  const message = await ok(api.GET("/api/messages/{messageId}", { params }));
  if (message.counts.delivered !== data.counts["delivered"]) throw new Error("The stream is wrong");
  return [preview, message];
}

export async function recipients(api: Client, messageId: string): Promise<string[]> {
  const path = { messageId };
  const { data } = await ok(
    api.GET("/api/messages/{messageId}/recipients", {
      params: { path, query: { status: "delivered" } },
    }),
  );
  return data.map((each) => each.content).sort();
}

/** The same operation answers a schedule where a time is given: `kind` tells which it is. */
export async function later(api: Client): Promise<string> {
  const scheduledAt = new Date(Date.now() + DAY_MS).toISOString();
  const accepted = await ok(
    api.POST("/api/messages/send", {
      body: { content: "See you tomorrow!", targetType: "all", scheduledAt },
    }),
  );
  switch (accepted.kind) {
    case "message":
      throw new Error(`${accepted.messageId} went out at once`);
    case "schedule":
      await ok(
        api.DELETE("/api/schedules/{scheduleId}", {
          params: { path: { scheduleId: accepted.scheduleId } },
        }),
      );
      return accepted.status;
  }
}

/** A recurrence is of a wall clock and its zone. */
export async function everySunday(api: Client): Promise<number> {
  const day = new Date(Date.now() + DAY_MS).toISOString().slice(0, 10);
  const scheduledFor = { localTime: `${day}T09:00:00`, timezone: "America/New_York" };
  const rule = { scheduledFor, rrule: "FREQ=WEEKLY;BYDAY=SU" };
  const schedule = await ok(
    api.POST("/api/schedules", {
      body: { ...rule, content: "Service at ten.", targetType: "all", name: "Sundays" },
    }),
  );
  const path = { scheduleId: schedule.id };
  await ok(api.POST("/api/schedules/{scheduleId}/pause", { params: { path } }));
  const resumed = await ok(api.POST("/api/schedules/{scheduleId}/resume", { params: { path } }));
  if (resumed.status !== "active") throw new Error(`The schedule is ${resumed.status}`);
  const dates = await ok(api.GET("/api/schedules/{scheduleId}/dates", { params: { path } }));
  return dates.occurrences.length;
}
