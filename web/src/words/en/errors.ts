/**
 * What the page itself has to say, and sentences for codes of the API in place of its own. The
 * API's sentences are English and say what to do, so English needs few of them.
 */
export const errors: { offline: string; unknown: string; codes: Record<string, string> } = {
  offline: "The server could not be reached. Check your connection, then try again.",
  unknown: "Something went wrong here. Try again; if it happens again, reload the page.",
  codes: {
    NO_ACTIVE_NUMBER:
      "The church has no number to text from yet. Order one under Settings, Numbers.",
    INVALID_CREDENTIALS: "This address and password do not belong together. Check both.",
    UNAUTHORIZED: "You are not signed in any more.",
    SESSION_ENDED: "You are not signed in any more.",
    TOKEN_EXPIRED: "You are not signed in any more.",
    CSRF_INVALID: "This page is too old to be believed. Reload it, then try again.",
    CSRF_MISSING: "This page is too old to be believed. Reload it, then try again.",
  },
};
