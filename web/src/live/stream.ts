import {
  ApiError,
  events,
  type StreamEvent,
  type StreamOptions,
  type StreamSign,
} from "@koinonia/client";

/** What the tab that reads the stream tells the others, and what a new one asks. */
type Word =
  | { kind: "event"; event: StreamEvent }
  | { kind: "sign"; sign: StreamSign }
  | { kind: "over" }
  | { kind: "ask" };

export interface Follower {
  onEvent: (event: StreamEvent) => void;
  onSign: (sign: StreamSign) => void;
  /** The session has ended; nothing comes any more. */
  onOver: () => void;
  /** Renews the session; false when it is over. */
  renew: () => Promise<boolean>;
}

const REFUSED_MS = 30_000; // until a stream that was refused is asked for again

/**
 * Follows what happens in the church, until the returned function is called. All tabs of a browser
 * share one stream, for a browser opens six connections to a server and no more: the tab that
 * holds the lock reads it and tells the others; when it closes the next one goes on where it was.
 */
export function follow(adminId: string, follower: Follower): () => void {
  const name = `koinonia-live-${adminId}`;
  const left = new AbortController();
  const tabs = new BroadcastChannel(name);
  let sign: StreamSign = { isOpen: false, lastEventId: "" };
  let isLeading = false;

  tabs.onmessage = ({ data }: MessageEvent<Word>) => {
    if (data.kind === "ask" && isLeading) tabs.postMessage({ kind: "sign", sign });
    if (data.kind === "event") follower.onEvent(data.event);
    if (data.kind === "over") follower.onOver();
    if (data.kind === "sign") {
      sign = data.sign;
      follower.onSign(sign);
    }
  };
  tabs.postMessage({ kind: "ask" });

  const lead = async () => {
    isLeading = true;
    const say = (word: Word) => {
      if (!left.signal.aborted) tabs.postMessage(word);
    };
    const isOver = await read(left.signal, () => sign.lastEventId, {
      ...follower,
      onEvent(event) {
        follower.onEvent(event);
        say({ kind: "event", event });
      },
      onSign(next) {
        const isNews = next.isOpen !== sign.isOpen || next.lastEventId !== sign.lastEventId;
        sign = next;
        if (!isNews) return;
        follower.onSign(next);
        say({ kind: "sign", sign: next });
      },
    });
    if (isOver && !left.signal.aborted) {
      say({ kind: "over" });
      follower.onOver();
    }
  };

  if ("locks" in navigator) {
    navigator.locks.request(name, { signal: left.signal }, lead).catch(ignoreLeaving);
  } else void lead();
  return () => {
    left.abort();
    tabs.close();
  };
}

/** Reads until `left` aborts or the session ends (true then), over every kind of failure. */
async function read(left: AbortSignal, place: () => string, follower: Follower): Promise<boolean> {
  while (!left.aborted) {
    const cut = new AbortController();
    const again = () => cut.abort();
    window.addEventListener("online", again); // do not wait out the pause of a lost connection
    const options: StreamOptions = {
      lastEventId: place(),
      signal: AbortSignal.any([left, cut.signal]),
      renew: follower.renew,
      watch: follower.onSign,
    };
    try {
      for await (const event of events(location.origin, options)) follower.onEvent(event);
      if (!cut.signal.aborted) return true;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.status === 401) return true;
      await pause(REFUSED_MS, left);
    } finally {
      window.removeEventListener("online", again);
    }
  }
  return false;
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

/** A tab that leaves while it waits for the lock. */
function ignoreLeaving(error: unknown): void {
  if (!(error instanceof DOMException && error.name === "AbortError")) throw error;
}
