import { createContext, type ReactNode, use, useMemo, useState } from "react";
import { I18nProvider } from "react-aria-components";
import { en } from "./en.ts";
import type { pages } from "./enPages.ts";

export type FirstWords = typeof en;
export type PageWords = typeof pages;
export type Words = FirstWords & PageWords;
export type Language = "en" | "es";

export const LANGUAGES: Record<Language, string> = { en: "English", es: "Español" };

const KEPT = "koinonia.language";

interface Spoken {
  words: Words;
  language: Language;
  setLanguage: (language: Language) => Promise<void>;
}

const Context = createContext<Spoken | undefined>(undefined);

/** The language that was chosen on this device, else the browser's. */
export function preferredLanguage(): Language {
  const wanted = [localStorage.getItem(KEPT) ?? "", ...navigator.languages];
  for (const tag of wanted) {
    const language = tag.slice(0, 2).toLowerCase();
    if (isLanguage(language)) return language;
  }
  return "en";
}

/**
 * The sentences of a language: those of the first page at once, those of the others when
 * `loadPageWords` was waited for, as every route but the first ones does.
 */
export async function wordsOf(language: Language): Promise<Words> {
  spoken = { ...(language === "es" ? (await import("./es.ts")).es : en) };
  if (isLoaded) Object.assign(spoken, await pageWords(language));
  current = language;
  return spoken as Words; // a page whose words are not here yet is not shown either
}

/** A module that is loaded on demand, with the sentences it needs. */
export function withWords<Module>(load: () => Promise<Module>): () => Promise<Module> {
  return async () => (await Promise.all([load(), loadPageWords()]))[0];
}

/** Fetches the sentences of the pages that are not the first one. */
async function loadPageWords(): Promise<void> {
  if (isLoaded) return;
  Object.assign(spoken, await pageWords(current));
  isLoaded = true;
}

let spoken: FirstWords & Partial<PageWords> = { ...en };
let current: Language = "en";
let isLoaded = false;

async function pageWords(language: Language): Promise<PageWords> {
  return language === "es"
    ? (await import("./esPages.ts")).pages
    : (await import("./enPages.ts")).pages;
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
  return useLanguage().words;
}

export function useLanguage(): Spoken {
  const found = use(Context);
  if (found === undefined) throw new Error("No WordsProvider is above");
  return found;
}

/** For numbers and dates: the browser's own variant where it is of that language. */
export function locale(language: Language): string {
  return navigator.languages.find((tag) => tag.toLowerCase().startsWith(language)) ?? language;
}

function isLanguage(tag: string): tag is Language {
  return Object.hasOwn(LANGUAGES, tag);
}
