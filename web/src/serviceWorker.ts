/** Lets the pages be installed, and opened without a line. Not while they are developed. */
export function registerServiceWorker(): void {
  if (!import.meta.env.PROD || !("serviceWorker" in navigator)) return;
  // A browser that refuses (a private window) has the pages all the same.
  navigator.serviceWorker.register("/worker.js").catch(() => undefined);
}
