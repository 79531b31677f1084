import { createContext, type ReactNode, use, useMemo, useState } from "react";
import { I18nProvider } from "react-aria-components";
import { en } from "./en.ts";

export type Words = typeof en;
export type Language = "en" | "es";

export const LANGUAGES: Record<Language, string> = { en: "English", es: "Español" };

const KEPT = "koinonia.language";

interface Spoken {
  words: Words;
  language: Language;
  setLanguage: (language: Language) => Promise<void>;
}

const Context = createContext<Spoken>({ words: en, language: "en", setLanguage: async () => {} });

/** The language that was chosen on this device, else the browser's. */
export function preferredLanguage(): Language {
  const wanted = [localStorage.getItem(KEPT) ?? "", ...navigator.languages];
  for (const tag of wanted) {
    const language = tag.slice(0, 2).toLowerCase();
    if (isLanguage(language)) return language;
  }
  return "en";
}

/** The sentences of a language; Spanish is fetched only by those who read it. */
export async function wordsOf(language: Language): Promise<Words> {
  return language === "es" ? (await import("./es.ts")).es : en;
}

export function WordsProvider(props: { first: Spoken["words"]; children: ReactNode }) {
  const [spoken, setSpoken] = useState({ words: props.first, language: preferredLanguage() });
  const value = useMemo(() => {
    const setLanguage = async (language: Language) => {
      localStorage.setItem(KEPT, language);
      setSpoken({ words: await wordsOf(language), language });
      document.documentElement.lang = language;
    };
    return { ...spoken, setLanguage };
  }, [spoken]);
  return (
    <Context value={value}>
      <I18nProvider locale={locale(spoken.language)}>{props.children}</I18nProvider>
    </Context>
  );
}

/** Every sentence of the page in the reader's language: `useWords().inbox.title`. */
export function useWords(): Words {
  return use(Context).words;
}

export function useLanguage(): Spoken {
  return use(Context);
}

/** For numbers and dates: the browser's own variant where it is of that language. */
export function locale(language: Language): string {
  return navigator.languages.find((tag) => tag.toLowerCase().startsWith(language)) ?? language;
}

function isLanguage(tag: string): tag is Language {
  return Object.hasOwn(LANGUAGES, tag);
}
