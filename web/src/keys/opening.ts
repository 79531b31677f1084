const listeners = new Set<() => void>();

/** Opens the list of keys from a menu. */
export function openKeys(): void {
  for (const listener of listeners) listener();
}

export function onOpenKeys(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
