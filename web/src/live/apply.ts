import type { ImportStatus, StreamEvent } from "@koinonia/client";

export type Key = readonly string[];

/**
 * The queries that an event makes old, by how their keys begin: the first word is the resource in
 * the path of the API (`["messages", id]` is what `GET /api/messages/{id}` answers). What the
 * inbox shows it keeps right itself (`inbox/liveInbox.ts`), so only its counts stand here.
 */
export function touched(event: StreamEvent): Key[] {
  switch (event.event) {
    case "conversation.updated":
      return [["conversations", "counts"], ["stop-questions"]];
    case "conversation.read":
      return [["conversations", "counts"]];
    case "message.created":
    case "message.cancelled":
    case "spend.declined":
      return [["messages"], ["schedules"]];
    case "message.started":
    case "message.progress":
    case "message.responded":
      return [
        ["messages", event.data.messageId],
        ["messages", "list"],
      ];
    case "message.completed":
      return [["messages"], ["analytics"]];
    case "allowance.updated":
    case "subscription.updated":
      return [["billing"]];
    case "church.verified":
      return [["me"]];
    case "notifications.changed":
      return [["notifications"]];
    case "number.connection_changed":
      return [["phone-numbers"]];
    case "import.progressed":
      return isAtEnd(event.data.status)
        ? [["imports"], ["members"], ["groups"], ["branches"]]
        : [["imports"]];
    case "member.opted_in":
    case "member.opted_out":
      return [["members"], ["consents"], ["stop-questions"], ["conversations", "counts"]];
    default:
      return []; // hello and reset touch everything, the rest nothing that is fetched
  }
}

/** Whether everything that is shown may be old. */
export function isGap(event: StreamEvent): boolean {
  return event.event === "reset" || (event.event === "hello" && !event.data.resumed);
}

const ENDS: ImportStatus[] = ["done", "cancelled", "failed", "undone"];
const BATCH_MS = 250;
const PROGRESS_MS = 1_000;

/**
 * Collects keys, so that a storm of events asks the server a few times a second and not for each.
 * The first one is asked for soon, further ones of the same key once in `PROGRESS_MS`.
 */
export class Batch {
  readonly #waiting = new Map<string, Key>();
  readonly #asked = new Map<string, number>();
  readonly #ask: (key: Key) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(ask: (key: Key) => void) {
    this.#ask = ask;
  }

  add(keys: Key[]): void {
    for (const key of keys) this.#waiting.set(JSON.stringify(key), key);
    if (this.#waiting.size > 0) this.#timer ??= setTimeout(() => this.#flush(), BATCH_MS);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#waiting.clear();
  }

  #flush(): void {
    this.#timer = undefined;
    const now = Date.now();
    for (const [name, key] of this.#waiting) {
      if (now - (this.#asked.get(name) ?? 0) < PROGRESS_MS) continue;
      this.#waiting.delete(name);
      this.#asked.set(name, now);
      this.#ask(key);
    }
    for (const [name, at] of this.#asked) if (now - at > PROGRESS_MS) this.#asked.delete(name);
    this.add([]);
  }
}

function isAtEnd(status: ImportStatus): boolean {
  return ENDS.includes(status);
}
