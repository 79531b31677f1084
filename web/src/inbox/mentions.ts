/** Somebody of the team, as a note names them. */
export interface Named {
  id: string;
  name: string;
}

const BEGUN = /(?:^|[\s(])@([^\s@]*(?: [^\s@]*)?)$/u;
const MOST = 8;

/** The mention that is being written before the caret: where its @ stands, and what follows it. */
export function begunMention(
  text: string,
  caret: number,
): { start: number; typed: string } | undefined {
  const typed = BEGUN.exec(text.slice(0, caret))?.[1];
  return typed === undefined ? undefined : { start: caret - typed.length - 1, typed };
}

/** Who fits what is typed after the @: by the beginning of any of their names. */
export function fitting(team: Named[], typed: string): Named[] {
  const wanted = typed.toLowerCase();
  const fits = ({ name }: Named) => ` ${name}`.toLowerCase().includes(` ${wanted}`);
  return team.filter(fits).slice(0, MOST);
}

/** The ids of those whom a note names. */
export function mentionedIn(text: string, team: Named[]): string[] {
  return [...new Set(piecesOf(text, team).flatMap(({ named }) => named?.id ?? []))];
}

/** A note in pieces, those that name somebody with whom. Of two names the longer one is meant. */
export function piecesOf(
  text: string,
  team: Named[],
): { at: number; text: string; named?: Named }[] {
  const longestFirst = team.toSorted((a, b) => b.name.length - a.name.length);
  const pieces: { at: number; text: string; named?: Named }[] = [];
  let from = 0;
  for (let at = text.indexOf("@"); at >= 0; at = text.indexOf("@", at + 1)) {
    const named = longestFirst.find(({ name }) => isNamedAt(text, at, name));
    if (named === undefined) continue;
    const end = at + 1 + named.name.length;
    if (at > from) pieces.push({ at: from, text: text.slice(from, at) });
    pieces.push({ at, text: text.slice(at, end), named });
    from = end;
  }
  if (from < text.length) pieces.push({ at: from, text: text.slice(from) });
  return pieces;
}

function isNamedAt(text: string, at: number, name: string): boolean {
  const after = text.charAt(at + 1 + name.length);
  const before = text.charAt(at - 1);
  return (
    text.startsWith(name, at + 1) && !/[\p{L}\p{N}]/u.test(after) && !/[\p{L}\p{N}]/u.test(before)
  );
}
