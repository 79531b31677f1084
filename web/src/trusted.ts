interface TrustedTypes {
  createPolicy(name: "default", rules: Record<string, (text: string) => string>): unknown;
}

/**
 * The page's policy takes no text where HTML or the address of a script is meant. One part of React
 * Aria clears its live region with an empty text; nothing else of ours may do as much.
 */
export function trustNothingButOurselves(): void {
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
  trustedTypes?.createPolicy("default", { createHTML: empty, createScriptURL: own });
}

function empty(html: string): string {
  if (html !== "") throw new TypeError("HTML from a text: build elements instead.");
  return html;
}

function own(url: string): string {
  const { origin, href } = new URL(url, location.href);
  if (origin !== location.origin) throw new TypeError(`A script from elsewhere: ${origin}`);
  return href;
}
