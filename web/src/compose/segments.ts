/* The encoding of a text and the parts it is sent in: the same as `koinonia.carriers.segments`,
   for instant display. Both are tested against the same vectors. */

const BASIC = new Set(
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?" +
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà",
);
const EXTENSION = new Set("\f^{}\\[~]|€");

/** Units in the one part of a short text, and in each part of a longer one. */
const ROOM = { "GSM-7": [160, 153], "UCS-2": [70, 67] } as const;

export const MAX_PARTS = 10;

export interface Measured {
  encoding: "GSM-7" | "UCS-2";
  /** Septets, or UTF-16 code units. */
  units: number;
  parts: number;
  unitsPerPart: number[];
  /** How many more units the last part takes. */
  left: number;
}

/** `text` as the API counts it: composed (NFC). */
export function measure(text: string): Measured {
  const letters = Array.from(text.normalize("NFC"));
  const isGsm = letters.every((letter) => BASIC.has(letter) || EXTENSION.has(letter));
  const encoding = isGsm ? "GSM-7" : "UCS-2";
  const sizes = letters.map((letter) => (isGsm ? (EXTENSION.has(letter) ? 2 : 1) : letter.length));
  const units = sizes.reduce((sum, size) => sum + size, 0);
  const [alone, together] = ROOM[encoding];
  const unitsPerPart = units <= alone ? (units === 0 ? [] : [units]) : filled(sizes, together);
  const room = unitsPerPart.length > 1 ? together : alone;
  const left = room - (unitsPerPart.at(-1) ?? 0);
  return { encoding, units, parts: unitsPerPart.length, unitsPerPart, left };
}

/** The letters that make a text travel as Unicode, each once, in the order they come. */
export function costlyLetters(text: string): string[] {
  const found = new Set<string>();
  for (const letter of text.normalize("NFC")) {
    if (!BASIC.has(letter) && !EXTENSION.has(letter)) found.add(letter);
  }
  return [...found];
}

/** One part is filled before the next begins; no letter is split between two. */
function filled(sizes: number[], room: number): number[] {
  const parts: number[] = [];
  let last = 0;
  for (const size of sizes) {
    if (last + size > room) {
      parts.push(last);
      last = 0;
    }
    last += size;
  }
  return [...parts, last];
}
