/** Whether each typed word begins a word of the name; accents and capitals make no difference. */
export function fits(name: string, typed: string): boolean {
  const begins = plain(name).split(/[^\p{L}\p{N}]+/u);
  return plain(typed)
    .split(/\s+/)
    .every((word) => begins.some((each) => each.startsWith(word)));
}

function plain(text: string): string {
  return text.normalize("NFD").replaceAll(/\p{M}/gu, "").toLocaleLowerCase();
}
