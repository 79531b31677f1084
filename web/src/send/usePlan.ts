import type { Preview } from "@koinonia/client";
import { ApiError } from "@koinonia/client";
import { useQuery } from "@tanstack/react-query";
import { sentence } from "../api/errors.ts";
import { useMe } from "../api/queries.ts";
import { useWords } from "../words/words.tsx";
import { type Broadcast, hasTarget, hasText } from "./broadcast.ts";
import { planQuery } from "./queries.ts";
import { useSettled } from "./useSettled.ts";

const ASKED_AFTER_MS = 400;

/** Complaints about the words, which stand beneath them. */
const ABOUT_WORDS = new Set([
  "BAD_MERGE_FIELD",
  "EMPTY_TEXT",
  "FIELD_NEEDS_FALLBACK",
  "TEXT_TOO_LONG",
  "UNKNOWN_CUSTOM_FIELD",
]);

export interface Plan {
  preview: Preview | undefined;
  /** What is wrong, but with the words. */
  error: Error | null;
  wordsError: string | undefined;
  /** The figures are not yet of what stands there now. */
  isStale: boolean;
  /** Can be agreed to as it is. */
  isReady: boolean;
}

/** What sending the draft would do, asked anew when who writes it pauses. */
export function usePlan(draft: Broadcast): Plan {
  const { church } = useMe();
  const words = useWords();
  const settled = useSettled(draft, ASKED_AFTER_MS);
  const isWhole = hasText(draft) && hasTarget(draft);
  const { data, error, isFetching, isPlaceholderData } = useQuery(
    planQuery(settled, church.timezone, hasText(settled) && hasTarget(settled)),
  );
  const isAboutWords = error instanceof ApiError && ABOUT_WORDS.has(error.code);
  const isStale = isWhole && (settled !== draft || isPlaceholderData || isFetching);
  return {
    preview: isWhole && error === null ? data : undefined,
    error: isWhole && !isAboutWords ? error : null,
    wordsError: isWhole && isAboutWords ? sentence(error, words) : undefined,
    isStale,
    isReady: isWhole && !isStale && error === null && (data?.phones ?? 0) > 0,
  };
}
