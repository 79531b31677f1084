// The service worker: without a line the pages open all the same, and say that there is none.
// It keeps the page and the files that it is made of, whose names hold the hash of their content.
// What the API says is never kept here.

const KEPT = "koinonia-pages";
const PAGE = "/index.html";
const FILES = "/assets/";

self.addEventListener("install", (event) => {
  self.skipWaiting();
  event.waitUntil(keep(new Request(PAGE)));
});

self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

// What the page had loaded before there was a worker.
self.addEventListener("message", (event) => event.waitUntil(keepFiles(event.data)));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (request.mode === "navigate" && !pathname.startsWith("/api/")) event.respondWith(page(request));
  else if (pathname.startsWith(FILES)) event.respondWith(file(request));
});

/** The page as the server has it, else as it was. Every path below it has the same one. */
async function page(request) {
  try {
    const answer = await fetch(request);
    if (isPage(answer)) await replace(answer.clone());
    return answer;
  } catch (error) {
    const kept = await caches.match(PAGE);
    if (kept === undefined) throw error;
    return kept;
  }
}

async function file(request) {
  // By its name alone: who asks, and in which encoding, makes no other file of it.
  const kept = await caches.match(request, { ignoreVary: true });
  if (kept !== undefined) return kept;
  const answer = await fetch(request);
  if (answer.ok) await (await caches.open(KEPT)).put(request, answer.clone());
  return answer;
}

async function keepFiles(paths) {
  for (const path of paths) if (path.startsWith(FILES)) await file(new Request(path));
}

/** Keep the page; of another build, forget the files of the one before. */
async function replace(answer) {
  const cache = await caches.open(KEPT);
  const before = await cache.match(PAGE);
  if (before !== undefined && (await before.clone().text()) !== (await answer.clone().text())) {
    for (const request of await cache.keys()) await cache.delete(request);
  }
  await cache.put(PAGE, answer);
}

async function keep(request) {
  const answer = await fetch(request, { cache: "no-cache" });
  if (isPage(answer)) await replace(answer);
}

function isPage(answer) {
  const kind = answer.headers.get("Content-Type") ?? "";
  return answer.ok && !answer.redirected && kind.startsWith("text/html");
}
