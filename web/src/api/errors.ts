import { ApiError } from "@koinonia/client";
import type { Words } from "../words/words.tsx";

interface WrongInput {
  field: string;
  problem: string;
}

/** What went wrong and what to do, in one sentence for the reader. */
export function sentence(error: unknown, words: Words): string {
  if (error instanceof ApiError) {
    const own = words.errors.codes[error.code] ?? words.refusals?.[error.code];
    return own ?? (forPeople(error.message) || words.errors.unknown);
  }
  return error instanceof TypeError ? words.errors.offline : words.errors.unknown;
}

/** The API also tells programs which route to ask; people have the pages for that. */
function forPeople(message: string): string {
  const sentences = message.split(/(?<=[.!?;])\s+/);
  return sentences
    .filter((each) => !each.includes("/api/"))
    .join(" ")
    .replace(/;$/, ".");
}

/** What support asks for; undefined where no server answered. */
export function requestIdOf(error: unknown): string | undefined {
  return error instanceof ApiError && error.requestId !== "" ? error.requestId : undefined;
}

/** The API's complaints by the name of the field: for `Form validationErrors`. */
export function fieldErrors(error: unknown): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  if (!(error instanceof ApiError) || !Array.isArray(error.details)) return found;
  for (const wrong of error.details.filter(isWrongInput)) {
    const [name = ""] = wrong.field.split(".");
    found[name] = [...(found[name] ?? []), capitalised(wrong.problem)];
  }
  return found;
}

/** True where what was asked for does not exist: asking again does not help. */
export function isMissing(error: unknown): boolean {
  return error instanceof ApiError && error.status === 404;
}

/** True where asking again may help: no answer, a busy server, a broken gateway. */
export function isPassing(error: unknown): boolean {
  return !(error instanceof ApiError) || error.status >= 500;
}

function isWrongInput(value: unknown): value is WrongInput {
  return typeof value === "object" && value !== null && "field" in value && "problem" in value;
}

function capitalised(problem: string): string {
  const text = problem.charAt(0).toUpperCase() + problem.slice(1);
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
