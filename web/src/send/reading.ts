import {
  type Draft,
  type MessageDetail,
  ok,
  type Schedule,
  type SendRequest,
  type Template,
} from "@koinonia/client";
import { api } from "../api/client.ts";
import {
  type Attached,
  type Broadcast,
  type ChosenPerson,
  emptyBroadcast,
  type Target,
} from "./broadcast.ts";
import { repeatOf } from "./repeat.ts";

/* A broadcast as the page holds it, from what the API has: a draft of the team, a schedule, an
   earlier message. */

const MOST_NAMED = 50;

/** A draft is held to the form of a request when it is saved. */
export async function broadcastOfDraft(draft: Draft): Promise<Broadcast> {
  const message: SendRequest = draft.message;
  const target = message.target ?? null;
  const { scheduledFor } = message;
  return {
    ...emptyBroadcast(),
    name: draft.name ?? "",
    content: message.content ?? "",
    target,
    people: await peopleIn(target),
    files: filesOf(message.mediaIds ?? []),
    mediaUrls: message.mediaUrls ?? [],
    fromNumberId: message.fromNumberId ?? null,
    when: scheduledFor ? "later" : "now",
    localTime: scheduledFor?.localTime.slice(0, 16) ?? "",
    timezone: scheduledFor?.timezone ?? null,
    saved: { id: draft.id, version: draft.version },
  };
}

export async function broadcastOfSchedule(schedule: Schedule): Promise<Broadcast> {
  const target = asTarget(schedule.target);
  const localTime = schedule.localTime.slice(0, 16);
  return {
    ...emptyBroadcast(),
    name: schedule.name ?? "",
    content: schedule.content,
    target,
    people: await peopleIn(target),
    files: filesOf(schedule.mediaIds),
    mediaUrls: schedule.mediaIds.length > 0 ? [] : schedule.mediaUrls,
    fromNumberId: schedule.fromNumberId,
    when: "later",
    localTime,
    timezone: schedule.timezone,
    repeat: repeatOf(schedule.rrule, localTime),
  };
}

export function broadcastOfTemplate({ content, mediaIds }: Template): Broadcast {
  return { ...emptyBroadcast(), content, files: filesOf(mediaIds) };
}

/** Another try for those whom `message` did not reach, or a correction for the others. */
export function broadcastAfter(message: MessageDetail, kind: "failed" | "sent"): Broadcast {
  const statuses: ("failed" | "sent" | "delivered" | "unconfirmed")[] =
    kind === "failed" ? ["failed"] : ["sent", "delivered", "unconfirmed"];
  return {
    ...emptyBroadcast(),
    content: kind === "failed" ? message.content : "",
    mediaUrls: kind === "failed" ? message.mediaUrls : [],
    target: { type: "recipients_of", messageId: message.id, statuses },
  };
}

function asTarget(saved: Schedule["target"]): Target {
  if (saved.type === "segment") return { type: "segment", segmentId: saved.segmentId };
  return saved;
}

export function filesOf(ids: string[]): Attached[] {
  return ids.map((id) => ({ id, name: "", contentType: "", bytes: 0, url: "" }));
}

/** The names of a target of people; who was removed meanwhile has none and is left out. */
async function peopleIn(target: Target | null): Promise<ChosenPerson[]> {
  if (target?.type !== "individual") return [];
  const found = await Promise.allSettled(
    target.ids
      .slice(0, MOST_NAMED)
      .map((memberId) =>
        ok(api.GET("/api/members/{memberId}", { params: { path: { memberId } } })),
      ),
  );
  return found.flatMap((each) =>
    each.status === "fulfilled"
      ? [{ id: each.value.id, name: `${each.value.firstName} ${each.value.lastName}`.trim() }]
      : [],
  );
}
