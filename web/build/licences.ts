import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "vite";

/** Tools that write code of their own into what they build: how chunks are loaded. */
const WRITES_INTO_THE_BUILD = ["node_modules/rolldown", "node_modules/vite"];

/** The packages whose code is in the pages: `package-lock.json` marks all others as `dev`. */
function runtimePackages(root: string): string[] {
  const lock = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")) as {
    packages: Record<string, { dev?: boolean; optional?: boolean }>;
  };
  return Object.entries(lock.packages)
    .filter(([path, each]) => path !== "" && !each.dev && !each.optional)
    .map(([path]) => path)
    .concat(WRITES_INTO_THE_BUILD)
    .sort();
}

/** Writes `licences.txt` into the build: the licence of each package whose code is in it, which is
 * what these licences ask of whoever passes the code on. Code of any other package ends the build. */
export function licences(): Plugin {
  let root = "";
  return {
    name: "koinonia-licences",
    apply: "build",
    configResolved(config) {
      root = config.root;
    },
    generateBundle(_options, bundle) {
      const named = runtimePackages(root);
      const modules = Object.values(bundle).flatMap((each) =>
        each.type === "chunk" ? each.moduleIds : [],
      );
      const unnamed = modules.map(packageOf).find((path) => path && !named.includes(path));
      if (unnamed) this.error(`The licence of ${unnamed} is not passed on with its code.`);
      const source = named.map((path) => text(root, path)).join(`\n${"-".repeat(80)}\n\n`);
      this.emitFile({ type: "asset", fileName: "licences.txt", source });
    },
  };
}

/** Where the package of a module lies, or nothing of our own code. */
function packageOf(module: string): string | undefined {
  const path = module.replaceAll("\\", "/");
  return /node_modules\/(?:.*\/node_modules\/)?(?:@[^/]+\/)?[^/]+(?=\/)/.exec(path)?.[0];
}

function text(root: string, path: string): string {
  const folder = join(root, path);
  const about = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
    name: string;
    version: string;
    license?: string;
  };
  const file = readdirSync(folder).find((name) => /^licen[sc]e/i.test(name));
  const whole = file === undefined ? "" : readFileSync(join(folder, file), "utf8");
  const [words = ""] = whole.split(/^# Licenses of bundled dependencies/m); // which stay in the tool
  return `${about.name} ${about.version} (${about.license ?? "no licence named"})\n\n${words.trim()}\n`;
}
