import { type EventName, type EventNamed, events, type StreamEvent } from "../src/index.ts";
import { DEADLINE_MS } from "./waiting.ts";
import type { World } from "./world.ts";

/** What happens in the church, from now on. */
export interface Live {
  /** The next event of that name that is meant; those before it are left out. */
  next: <Name extends EventName>(
    name: Name,
    isMeant: (event: EventNamed<Name>) => boolean,
  ) => Promise<EventNamed<Name>>;
  close: () => void;
}

/** Opens the stream of events, and waits until it stands. */
export async function open(world: World, token: () => string): Promise<Live> {
  const stop = new AbortController();
  const signal = AbortSignal.any([stop.signal, AbortSignal.timeout(DEADLINE_MS)]);
  const stream = events(world.gateway, { token, signal });
  const next: Live["next"] = async (name, isMeant) => {
    while (true) {
      const { done, value } = await stream.next();
      if (done) throw new Error(`No ${name} within ${DEADLINE_MS / 1000} s`);
      if (isNamed(value, name) && isMeant(value)) return value;
    }
  };
  await next("hello", () => true);
  return { next, close: () => stop.abort() };
}

function isNamed<Name extends EventName>(
  event: StreamEvent,
  name: Name,
): event is EventNamed<Name> {
  return event.event === name;
}
