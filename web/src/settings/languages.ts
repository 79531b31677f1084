import type { Church } from "@koinonia/client";

type Language = Church["language"];

const CODES: Record<Exclude<Language, "simple">, string> = {
  arabic: "ar",
  armenian: "hy",
  basque: "eu",
  catalan: "ca",
  danish: "da",
  dutch: "nl",
  english: "en",
  finnish: "fi",
  french: "fr",
  german: "de",
  greek: "el",
  hindi: "hi",
  hungarian: "hu",
  indonesian: "id",
  irish: "ga",
  italian: "it",
  lithuanian: "lt",
  nepali: "ne",
  norwegian: "no",
  portuguese: "pt",
  romanian: "ro",
  russian: "ru",
  serbian: "sr",
  spanish: "es",
  swedish: "sv",
  tamil: "ta",
  turkish: "tr",
  yiddish: "yi",
};

/** The languages in which texts can be searched, named in the reader's. */
export function churchLanguages(spoken: string): { id: Language; name: string }[] {
  const names = new Intl.DisplayNames(spoken, { type: "language" });
  return (Object.keys(CODES) as (keyof typeof CODES)[])
    .map((id) => ({ id, name: names.of(CODES[id]) ?? id }))
    .sort((one, other) => one.name.localeCompare(other.name, spoken));
}
