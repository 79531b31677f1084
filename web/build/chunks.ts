import { fileURLToPath } from "node:url";
import type { Rolldown } from "vite";

const page = (path: string) => fileURLToPath(new URL(`../src/${path}`, import.meta.url));

/** What is loaded first, in this order, each with what it adds to those before it. */
const FIRST: [name: string, entry: string][] = [
  ["frame", page("main.tsx")],
  ["inbox", page("inbox/Page.tsx")],
];

/**
 * The name of the chunk of a module that the frame or the inbox loads at once. Of packages only what
 * our own modules use comes along; captured by name, each would bring all that it has.
 */
export function chunkOf(id: string, graph: Rolldown.ChunkingContext): string | null {
  if (id.includes("node_modules")) return null;
  return FIRST.find(([, entry]) => id !== entry && within(entry, graph).has(id))?.[0] ?? null;
}

const found = new Map<string, ReadonlySet<string>>();

/** Every module that an entry loads at once. */
function within(entry: string, graph: Rolldown.ChunkingContext): ReadonlySet<string> {
  const known = found.get(entry);
  if (known !== undefined) return known;
  const seen = new Set([entry]);
  for (const id of seen) {
    for (const imported of graph.getModuleInfo(id)?.importedIds ?? []) seen.add(imported);
  }
  found.set(entry, seen);
  return seen;
}
