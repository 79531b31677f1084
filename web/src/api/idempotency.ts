import { useState } from "react";

/**
 * A key for one intention: give it with each try of the same request, and the server does it once.
 * It is made with the draft, not at the click, so that a double click or a second try is known.
 */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The key of the draft on this page, and how to begin the next draft. */
export function useIdempotencyKey(): [key: string, next: () => void] {
  const [key, setKey] = useState(newKey);
  return [key, () => setKey(newKey())];
}
