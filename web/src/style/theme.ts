import { useSyncExternalStore } from "react";

export type Theme = "system" | "light" | "dark";

export const THEMES: Theme[] = ["system", "light", "dark"];

const KEPT = "koinonia.theme";
/** `--ground` of tokens.css, which the browser paints around the page. */
const GROUNDS = { light: "#faf8f4", dark: "#181613" };
const listeners = new Set<() => void>();

/** Puts the kept choice on the page, before anything is drawn. */
export function applyTheme(): void {
  const theme = current();
  if (theme === "system") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = theme;
  for (const meta of document.querySelectorAll<HTMLMetaElement>("meta[name=theme-color]")) {
    const own = meta.media.includes("dark") ? "dark" : "light";
    meta.content = GROUNDS[theme === "system" ? own : theme];
  }
}

export function setTheme(theme: Theme): void {
  localStorage.setItem(KEPT, theme);
  applyTheme();
  for (const listener of listeners) listener();
}

export function useTheme(): Theme {
  return useSyncExternalStore(subscribe, current);
}

function current(): Theme {
  const kept = localStorage.getItem(KEPT);
  return THEMES.find((theme) => theme === kept) ?? "system";
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
