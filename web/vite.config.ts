import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";
import { brotli } from "./build/brotli.ts";
import { chunkOf } from "./build/chunks.ts";
import { licences } from "./build/licences.ts";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const gateway = process.env["KOINONIA_GATEWAY"] ?? "http://127.0.0.1:8080";

// The gateway compares the origin of a change with its own address.
const proxied = { target: gateway, headers: { origin: gateway } };
const proxy = { "/api": proxied, "/health": proxied };

// Whichever sheet a page loads first fixes the order of the layers, so each begins with it.
const layers: Plugin = {
  name: "layers",
  enforce: "pre",
  transform(code, id) {
    if (!id.endsWith(".css")) return undefined;
    return { code: `@layer reset, base, parts, screens;\n${code}`, map: null };
  },
};

// React Aria brings its words in 34 languages; the pages speak two.
const languages: Plugin = {
  name: "languages",
  enforce: "pre",
  load(id) {
    const language = /react-(?:aria|stately)[^?]*[/\\]([a-z]{2})-[A-Z]{2}\.[cm]?js/.exec(id)?.[1];
    return language === undefined || language === "en" || language === "es"
      ? undefined
      : "export default {}; export {};";
  },
};

// What all pages share is a few files, and not sixty that pack badly: the packages beneath everything,
// what the frame and the inbox load at once, and what else most of the pages use.
const SHARED = [
  {
    name: "base",
    test: /node_modules[\\/](?:react|react-dom|scheduler|@tanstack|openapi-fetch)[\\/]/,
    priority: 1,
  },
  { name: chunkOf, debugName: "first", priority: 1 },
  { name: "parts", test: /node_modules|[\\/]src[\\/]/, minShareCount: 15 },
];

export default defineConfig({
  plugins: [react(), languages, layers, licences(), brotli()],
  resolve: {
    alias: {
      "@koinonia/client": here("../clients/typescript/src/index.ts"),
      "openapi-fetch": here("node_modules/openapi-fetch"), // for the client, which lies outside
    },
  },
  build: {
    // The page's policy allows no inline script, style or data: address.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    cssCodeSplit: false, // many small sheets compress badly, and one is cached for all pages
    sourcemap: false,
    rolldownOptions: { output: { codeSplitting: { groups: SHARED } } },
    manifest: true, // read by the tests of what each page weighs
  },
  server: { proxy },
  preview: { proxy },
});
