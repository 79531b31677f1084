const FILES = "/assets/";

/** Lets the pages be installed, and opened without a line. Not while they are developed. */
export async function registerServiceWorker(): Promise<void> {
  if (!import.meta.env.PROD || !("serviceWorker" in navigator)) return;
  const isFirst = navigator.serviceWorker.controller === null;
  try {
    await navigator.serviceWorker.register("/worker.js");
  } catch {
    return; // a browser that refuses (a private window) has the pages all the same
  }
  const { active } = await navigator.serviceWorker.ready;
  if (isFirst && active) tellWhatIsLoaded(active);
}

/** On the first visit the page is here before its worker, which keeps what it is told of. */
function tellWhatIsLoaded(worker: ServiceWorker): void {
  const observer = new PerformanceObserver((list) => {
    const paths = list
      .getEntries()
      .map(({ name }) => new URL(name))
      .filter(({ origin, pathname }) => origin === location.origin && pathname.startsWith(FILES))
      .map(({ pathname }) => pathname);
    if (paths.length > 0) worker.postMessage(paths);
  });
  observer.observe({ type: "resource", buffered: true });
}
