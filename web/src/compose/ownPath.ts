/** Of a file of ours: the gateway serves it itself, whatever address carriers reach it by. */
export function ownPath(url: string): string {
  const { pathname, search } = new URL(url, location.href);
  return `${pathname}${search}`;
}
