import { useEffect, useEffectEvent, useSyncExternalStore } from "react";

/** A key as it is pressed → what it does. */
export type KeyMap = Partial<Record<string, () => void>>;

const KEPT = "koinonia.keys";
const listeners = new Set<() => void>();
const maps: { current: (key: string) => (() => void) | undefined }[] = [];

/** Whether single letters do anything. Who speaks to the computer switches them off. */
export function useKeysOn(): boolean {
  return useSyncExternalStore(subscribe, areOn);
}

export function setKeysOn(isOn: boolean): void {
  if (isOn) localStorage.removeItem(KEPT);
  else localStorage.setItem(KEPT, "off");
  for (const listener of listeners) listener();
}

/** Keys of a page, while it is shown. Of two pages that want a key the newer has it. */
export function useKeys(map: KeyMap): void {
  const find = useEffectEvent((key: string) => map[key]);
  useEffect(() => {
    const own = { current: (key: string) => find(key) };
    maps.unshift(own);
    return () => {
      maps.splice(maps.indexOf(own), 1);
    };
  }, []);
}

/** Carries out a single key, unless somebody writes, a dialog is open, or keys are off. */
export function pressed(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.repeat || !isPlain(event) || !areOn()) return;
  if (isWriting(event.target) || isAnythingOpen()) return;
  for (const map of maps) {
    const act = map.current(event.key);
    if (act === undefined) continue;
    event.preventDefault();
    act();
    return;
  }
}

/** A dialog or a menu, which must be answered or closed before one goes elsewhere. */
export function isAnythingOpen(): boolean {
  return document.querySelector("[role=dialog], [role=alertdialog], [role=menu]") !== null;
}

function isPlain({ ctrlKey, metaKey, altKey, isComposing }: KeyboardEvent): boolean {
  return !ctrlKey && !metaKey && !altKey && !isComposing;
}

function isWriting(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || target.matches("input, textarea, select, [role=combobox]");
}

function areOn(): boolean {
  return localStorage.getItem(KEPT) !== "off";
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
