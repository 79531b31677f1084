import type { WaitingReply } from "@koinonia/client";
import type { Entry } from "./queries.ts";

export type ThreadItem =
  | { kind: "day"; key: string; at: string }
  | { kind: "new"; key: string }
  | { kind: "entry"; key: string; entry: Entry }
  | { kind: "waiting"; key: string; reply: WaitingReply };

/**
 * What a thread shows, the oldest first: a line before each new day, one before the texts that came
 * since somebody looked, and at the end what is still to go out. `newest` are entries, the newest
 * first, as the API has them.
 */
export function threadItems(
  newest: Entry[],
  waiting: WaitingReply[],
  firstNewId: string | undefined,
  dayOf: (at: string) => string,
): ThreadItem[] {
  const items: ThreadItem[] = [];
  let day = "";
  for (const entry of newest.toReversed()) {
    const own = dayOf(entry.at);
    if (own !== day) items.push({ kind: "day", key: `day-${own}`, at: entry.at });
    day = own;
    if (entry.id === firstNewId) items.push({ kind: "new", key: "new" });
    items.push({ kind: "entry", key: `${entry.kind}-${entry.id}`, entry });
  }
  for (const reply of waiting.toSorted((a, b) => a.sendAt.localeCompare(b.sendAt))) {
    items.push({ kind: "waiting", key: `waiting-${reply.id}`, reply });
  }
  return items;
}

/** The first of the `unread` newest texts that came in; undefined where all were read. */
export function firstNew(newest: Entry[], unread: number): string | undefined {
  const came = newest.filter((each) => each.kind === "text" && each.line.direction === "inbound");
  return unread === 0 ? undefined : came.slice(0, unread).at(-1)?.id;
}

/** An answer of a colleague. */
export interface Answered {
  by: { firstName: string | null; lastName: string | null };
  at: string;
}

/** What a colleague answered after the line that the writer of an answer has seen. */
export function answeredSince(
  newest: Entry[],
  seenId: string | null,
  ownId: string,
): Answered | undefined {
  for (const entry of newest) {
    if (entry.id === seenId) return undefined;
    if (entry.kind !== "text" || entry.line.direction !== "outbound") continue;
    const { author } = entry.line;
    if (author !== null && author.id !== ownId) return { by: author, at: entry.at };
  }
  return undefined;
}

/** The newest line that a writer has seen: what `lastSeenLineId` of an answer says. */
export function newestLine(newest: Entry[]): string | null {
  return newest.find((each) => each.kind === "text" || each.kind === "note")?.id ?? null;
}
