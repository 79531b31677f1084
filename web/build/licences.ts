import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "vite";

/** The packages whose code is in the pages: `package-lock.json` marks all others as `dev`. */
export function runtimePackages(root: string): string[] {
  const lock = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")) as {
    packages: Record<string, { dev?: boolean; optional?: boolean }>;
  };
  return Object.entries(lock.packages)
    .filter(([path, each]) => path !== "" && !each.dev && !each.optional)
    .map(([path]) => path)
    .sort();
}

/** Writes `licences.txt` into the build: the licence of each package whose code is in it, which is
 * what these licences ask of whoever passes the code on. */
export function licences(): Plugin {
  let root = "";
  return {
    name: "koinonia-licences",
    apply: "build",
    configResolved(config) {
      root = config.root;
    },
    generateBundle() {
      const source = runtimePackages(root)
        .map((path) => text(root, path))
        .join(`\n${"-".repeat(80)}\n\n`);
      this.emitFile({ type: "asset", fileName: "licences.txt", source });
    },
  };
}

function text(root: string, path: string): string {
  const folder = join(root, path);
  const about = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
    name: string;
    version: string;
    license?: string;
  };
  const file = readdirSync(folder).find((name) => /^licen[sc]e/i.test(name));
  const words = file === undefined ? "" : readFileSync(join(folder, file), "utf8").trim();
  return `${about.name} ${about.version} (${about.license ?? "no licence named"})\n\n${words}\n`;
}
