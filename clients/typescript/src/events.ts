import { type Block, blocks } from "./blocks.ts";
import { ApiError, type Failure } from "./errors.ts";
import type { StreamEvent } from "./schema.d.ts";

export type EventName = StreamEvent["event"];

/** The event of a name: `EventNamed<"message.progress">`. */
export type EventNamed<Name extends EventName> = Extract<StreamEvent, { event: Name }>;

export interface StreamOptions {
  /** The access token of this moment. Leave it out in a browser, which sends its cookies. */
  token?: () => string | Promise<string>;
  /** Refreshes the session; called when its token has expired, before the stream is reopened. */
  renew?: () => Promise<unknown>;
  /** The `id` of the last event that was seen earlier. */
  lastEventId?: string;
  /** Called whenever a connection opens, moves on (heartbeats too) or is lost. */
  watch?: (sign: StreamSign) => void;
  /** Ends the stream, as leaving the loop does. */
  signal?: AbortSignal;
  fetch?: (request: Request) => Promise<Response>;
  /** How long nothing may be heard, not even a heartbeat, until the connection counts as lost. */
  silenceMs?: number;
}

/** How the stream is. What was missed can be had from `lastEventId` on, for some minutes. */
export interface StreamSign {
  isOpen: boolean;
  lastEventId: string;
}

const PATH = "/api/events";
const SILENCE_MS = 45_000; // three heartbeats
const RETRY_MS = 2_000; // until the server says another
const LONGEST_PAUSE_MS = 30_000;
const JITTER = 0.5; // so that not all come back in the same moment
const TOO_MANY = 429;
const UNAUTHORIZED = 401;

// The compiler asks for each event of the document here, and for no other.
const NAMES: Record<EventName, true> = {
  hello: true,
  reset: true,
  state: true,
  bye: true,
  "conversation.updated": true,
  "conversation.read": true,
  "reply.status": true,
  "staff.notified": true,
  "notifications.changed": true,
  "church.verified": true,
  "message.created": true,
  "message.started": true,
  "message.progress": true,
  "message.responded": true,
  "message.completed": true,
  "message.cancelled": true,
  "spend.declined": true,
  "allowance.updated": true,
  "subscription.updated": true,
  "number.connection_changed": true,
  "import.progressed": true,
  "presence.changed": true,
  "member.opted_out": true,
  "member.opted_in": true,
};

/**
 * What happens in a church, as it happens. The stream is opened again by itself whenever it was
 * cut, and goes on after the last event; names that this version does not know are left out. It
 * ends after `bye` with `session_ended`, when `signal` aborts, or when the loop is left. Throws
 * {@link ApiError} where the server refuses for good.
 *
 * @example
 * for await (const event of events(baseUrl, { token, renew })) {
 *   if (event.event === "message.progress") show(event.data.messageId, event.data.moved);
 * }
 */
export async function* events(
  baseUrl: string,
  options: StreamOptions = {},
): AsyncGenerator<StreamEvent, void, void> {
  const place: Place = { lastId: options.lastEventId ?? "", retryMs: RETRY_MS };
  let failures = 0;
  let isRenewed = false;
  while (options.signal?.aborted !== true) {
    let end: End = { kind: "lost" };
    for await (const heard of connection(baseUrl, options, place)) {
      if ("event" in heard) {
        failures = 0;
        isRenewed = false;
        yield heard;
      } else end = heard;
    }
    options.watch?.({ isOpen: false, lastEventId: place.lastId });
    if (end.kind === "over") return;
    if (end.kind === "refused" && (isRenewed || options.renew === undefined)) throw end.error;
    if (end.kind === "lost") {
      await pause(end.retryAfterMs ?? backoff(place.retryMs, failures), options.signal);
      failures += 1;
    } else {
      isRenewed = await renewed(options);
      if (isRenewed) continue;
      await pause(backoff(place.retryMs, failures), options.signal);
      failures += 1;
    }
  }
}

/** False where the server could not be asked: that is no answer, so it is asked again later. */
async function renewed({ renew }: StreamOptions): Promise<boolean> {
  try {
    await renew?.();
    return true;
  } catch (error) {
    if (error instanceof ApiError) throw error;
    return false;
  }
}

/** Where to go on. */
interface Place {
  lastId: string;
  retryMs: number;
}

type End =
  | { kind: "over" }
  | { kind: "expired" }
  | { kind: "refused"; error: ApiError }
  | { kind: "lost"; retryAfterMs?: number };

/** One connection: its events, and at last how it ended. */
async function* connection(
  baseUrl: string,
  options: StreamOptions,
  place: Place,
): AsyncGenerator<StreamEvent | End, void, void> {
  const cut = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, cut.signal]) : cut.signal;
  const silenceMs = options.silenceMs ?? SILENCE_MS;
  try {
    const request = await opening(baseUrl, options, place.lastId, signal);
    const response = await within(silenceMs, cut, (options.fetch ?? globalThis.fetch)(request));
    if (!response.ok || response.body === null) {
      yield await refusal(response);
      return;
    }
    for await (const block of blocks(chunks(response.body, silenceMs, cut))) {
      place.lastId = block.id ?? place.lastId;
      place.retryMs = block.retryMs ?? place.retryMs;
      options.watch?.({ isOpen: true, lastEventId: place.lastId });
      const event = parsed(block);
      if (event === undefined) continue;
      yield event;
      if (event.event === "bye") {
        yield ending(event);
        return;
      }
    }
  } catch (error) {
    if (error instanceof ApiError) throw error;
    yield options.signal?.aborted === true ? { kind: "over" } : { kind: "lost" };
  } finally {
    cut.abort();
  }
}

async function opening(
  baseUrl: string,
  options: StreamOptions,
  lastId: string,
  signal: AbortSignal,
): Promise<Request> {
  const headers = new Headers({ Accept: "text/event-stream" });
  if (lastId !== "") headers.set("Last-Event-ID", lastId);
  if (options.token) headers.set("Authorization", `Bearer ${await options.token()}`);
  const credentials = options.token ? "omit" : "include";
  return new Request(new URL(PATH, baseUrl), { headers, credentials, signal, cache: "no-store" });
}

async function* chunks(
  body: ReadableStream<Uint8Array>,
  silenceMs: number,
  cut: AbortController,
): AsyncGenerator<Uint8Array, void, void> {
  const reader = body.getReader();
  while (true) {
    const { done, value } = await within(silenceMs, cut, reader.read());
    if (done) return;
    yield value;
  }
}

async function within<Value>(
  silenceMs: number,
  cut: AbortController,
  waited: Promise<Value>,
): Promise<Value> {
  const timer = setTimeout(() => cut.abort(), silenceMs);
  try {
    return await waited;
  } finally {
    clearTimeout(timer);
  }
}

function parsed(block: Block): StreamEvent | undefined {
  if (block.data === undefined) return undefined;
  const { event, id } = block;
  const heard = { event, data: JSON.parse(block.data), ...(id === undefined ? {} : { id }) };
  return isKnown(heard) ? heard : undefined;
}

function isKnown(heard: { event: string }): heard is StreamEvent {
  return Object.hasOwn(NAMES, heard.event);
}

function ending(bye: EventNamed<"bye">): End {
  switch (bye.data.reason) {
    case "session_ended":
      return { kind: "over" };
    case "token_expired":
      return { kind: "expired" };
    default:
      return { kind: "lost" };
  }
}

/** Throws where asking again would not help. */
async function refusal(response: Response): Promise<End> {
  const { status, headers } = response;
  if (response.ok || status === TOO_MANY || status >= 500) {
    const seconds = Number.parseFloat(headers.get("Retry-After") ?? "");
    return Number.isNaN(seconds)
      ? { kind: "lost" }
      : { kind: "lost", retryAfterMs: seconds * 1_000 };
  }
  const error = new ApiError(status, await failure(response));
  if (status === UNAUTHORIZED && error.code === "TOKEN_EXPIRED") return { kind: "refused", error };
  throw error;
}

async function failure(response: Response): Promise<Failure> {
  try {
    const body: { error: Failure } = await response.json();
    return body.error;
  } catch {
    const requestId = response.headers.get("X-Request-Id") ?? "";
    return { code: "UNREADABLE_ANSWER", message: "What answered is not Koinonia.", requestId };
  }
}

function backoff(retryMs: number, failures: number): number {
  const grown = Math.min(retryMs * 2 ** failures, LONGEST_PAUSE_MS);
  return grown * (1 + JITTER * Math.random());
}

/** Ends early when `signal` aborts. */
function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  if (signal?.aborted === true) return Promise.resolve();
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal?.addEventListener("abort", end);
  });
}
