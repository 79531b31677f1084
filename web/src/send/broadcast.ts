import type { SendRequest } from "@koinonia/client";
import { newKey } from "../api/idempotency.ts";
import { NEVER, type Repeat, ruleOf } from "./repeat.ts";

/** Whom it is for, as the API takes it. */
export type Target = NonNullable<SendRequest["target"]>;
export type TargetKind = Target["type"];

export interface Attached {
  id: string;
  name: string;
  contentType: string;
  bytes: number;
  url: string;
}

export interface ChosenPerson {
  id: string;
  name: string;
}

/** A broadcast that is being written. It is kept on this device as it is. */
export interface Broadcast {
  /** Made with the draft: the server sends what has this key once. */
  key: string;
  name: string;
  content: string;
  target: Target | null;
  /** Names of those in a target of people, so that a kept draft can show them. */
  people: ChosenPerson[];
  files: Attached[];
  mediaUrls: string[];
  fromNumberId: string | null;
  when: "now" | "later";
  /** "2026-12-06T09:30" in the zone of the church, "" until it is chosen. */
  localTime: string;
  timezone: string | null;
  repeat: Repeat;
  /** The team's draft that it was read from. */
  saved: { id: string; version: number } | null;
}

export function emptyBroadcast(): Broadcast {
  return {
    key: newKey(),
    name: "",
    content: "",
    target: null,
    people: [],
    files: [],
    mediaUrls: [],
    fromNumberId: null,
    when: "now",
    localTime: "",
    timezone: null,
    repeat: NEVER,
    saved: null,
  };
}

/** True where there is nothing that anybody would miss. */
export function isEmpty(draft: Broadcast): boolean {
  return draft.content.trim() === "" && draft.files.length === 0 && draft.target === null;
}

/** True where somebody is chosen: a kind alone is nobody. */
export function hasTarget({ target }: Broadcast): boolean {
  if (target === null) return false;
  if ("ids" in target) return target.ids.length > 0;
  if (target.type === "filter") return Object.keys(target.filter).length > 0;
  return target.type !== "segment" || target.segmentId !== "";
}

export function hasText(draft: Broadcast): boolean {
  return draft.content.trim() !== "" || draft.files.length > 0 || draft.mediaUrls.length > 0;
}

/** What a preview, a test and a send say alike. */
export function requestOf(draft: Broadcast, zone: string): SendRequest {
  const { content, target, files, mediaUrls, fromNumberId } = draft;
  const isLater = draft.when === "later" && draft.localTime !== "";
  return {
    content,
    ...(target !== null && hasTarget(draft) ? { target } : {}),
    ...(files.length > 0 ? { mediaIds: files.map(({ id }) => id) } : {}),
    ...(mediaUrls.length > 0 ? { mediaUrls } : {}),
    ...(fromNumberId === null ? {} : { fromNumberId }),
    ...(isLater
      ? { scheduledFor: { localTime: draft.localTime, timezone: draft.timezone ?? zone } }
      : {}),
  };
}

export function ruleOfBroadcast(draft: Broadcast): string | null {
  return draft.when === "later" && draft.localTime !== ""
    ? ruleOf(draft.repeat, draft.localTime)
    : null;
}
