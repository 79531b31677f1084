/* Merge fields as they stand in a text: `{{firstName|friend}}`. */

export interface Piece {
  kind: "words" | "field";
  text: string;
  /** Where it begins in the whole text. */
  start: number;
}

const FIELD = /\{\{\s*([a-z][a-zA-Z0-9]{0,39})\s*(?:\|([^{}]*))?\}\}/g;
const BEGUN = /\{\{?([a-zA-Z0-9]*)$/;

/** The fields that every church has; its own come from `GET /api/fields`. */
export const BUILT_IN = ["firstName", "lastName", "fullName", "churchName"] as const;

/** The text in pieces that together are the text. */
export function pieces(text: string): Piece[] {
  const found: Piece[] = [];
  let at = 0;
  for (const match of text.matchAll(FIELD)) {
    if (match.index > at)
      found.push({ kind: "words", text: text.slice(at, match.index), start: at });
    found.push({ kind: "field", text: match[0], start: match.index });
    at = match.index + match[0].length;
  }
  if (at < text.length) found.push({ kind: "words", text: text.slice(at), start: at });
  return found;
}

export function hasFields(text: string): boolean {
  return pieces(text).some(({ kind }) => kind === "field");
}

/** The text to recognise it by: in the church's name and with fallbacks, "…" for any other field. */
export function inShort(text: string, churchName: string): string {
  return text.replaceAll(FIELD, (_whole, key, fallback: string | undefined) =>
    key === "churchName" ? churchName : (fallback ?? "…"),
  );
}

/** What somebody without any value would read; the least that can be said of its length. */
export function withFallbacks(text: string): string {
  return text.replaceAll(FIELD, (_whole, _key, fallback: string | undefined) => fallback ?? "");
}

export interface Begun {
  start: number;
  /** What was typed of the name so far. */
  typed: string;
}

/** The field that is being typed before the caret, undefined where there is none. */
export function begunField(text: string, caret: number): Begun | undefined {
  const before = text.slice(0, caret);
  const match = BEGUN.exec(before);
  if (match === null || text.slice(caret).startsWith("}}")) return undefined;
  return { start: match.index, typed: match[1] ?? "" };
}

/** Puts a field in the place of `start…end`; `caret` stands after it. */
export function insertField(
  text: string,
  start: number,
  end: number,
  key: string,
  fallback: string,
): { text: string; caret: number } {
  const field = fallback === "" ? `{{${key}}}` : `{{${key}|${fallback}}}`;
  return {
    text: text.slice(0, start) + field + text.slice(end),
    caret: start + field.length,
  };
}
