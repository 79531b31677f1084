/** With a full stop at its end, unless what it ends with ("10:11 p.m.") brought one. */
export function ended(sentence: string): string {
  return sentence.endsWith(".") ? sentence : `${sentence}.`;
}
