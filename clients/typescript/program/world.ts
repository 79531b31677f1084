import { randomBytes } from "node:crypto";

/** Where the program runs: our gateway, and the simulated network that plays the phones. */
export interface World {
  gateway: string;
  carrier: string;
  phones: readonly [string, string, string];
}

/** Letters that no other run has. */
export const MARK = randomBytes(4).toString("hex");

export const PASSWORD = "a mustard seed, and patience";

/** A person texts a number of ours. */
export async function text(world: World, from: string, to: string, words: string): Promise<void> {
  const answer = await fetch(`${world.carrier}/_control/inbound`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ from, to, text: words, mediaUrls: [] }),
  });
  if (!answer.ok) throw new Error(`The simulated network answers ${answer.status}`);
}
