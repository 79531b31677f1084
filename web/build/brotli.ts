import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";
import type { Plugin } from "vite";

const TEXT = /\.(js|css|html|svg|json|webmanifest|txt)$/;
const WORTH_PACKING = 256; // bytes; below it the headers cost more than is saved

/** Puts beside each text file of the build what Brotli makes of it (`.br`): the gateway, which is
 * Python without Brotli, sends these bytes to whoever takes them. */
export function brotli(): Plugin {
  let folder = "";
  return {
    name: "koinonia-brotli",
    apply: "build",
    enforce: "post",
    configResolved(config) {
      folder = resolve(config.root, config.build.outDir);
    },
    closeBundle() {
      for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
        if (TEXT.test(name) && !name.startsWith(".")) pack(join(folder, name));
      }
    },
  };
}

function pack(path: string): void {
  const text = readFileSync(path);
  if (text.length < WORTH_PACKING) return;
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
    [constants.BROTLI_PARAM_SIZE_HINT]: text.length,
  };
  writeFileSync(`${path}.br`, brotliCompressSync(text, { params }));
}
