import { setTimeout } from "node:timers/promises";

export const DEADLINE_MS = 30_000;
const PAUSE_MS = 100;

/** Asks until there is an answer; throws when there is none in half a minute. */
export async function eventually<Value>(
  what: string,
  ask: () => Promise<Value | undefined>,
): Promise<Value> {
  const deadline = Date.now() + DEADLINE_MS;
  while (Date.now() < deadline) {
    const value = await ask();
    if (value !== undefined) return value;
    await setTimeout(PAUSE_MS);
  }
  throw new Error(`${what} did not happen within ${DEADLINE_MS / 1000} s`);
}

/** The value, where the program knows that there is one. */
export function known<Value>(value: Value | null | undefined, what: string): Value {
  if (value === null || value === undefined) throw new Error(`There is no ${what}`);
  return value;
}
