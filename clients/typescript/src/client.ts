import createClient, { type Client as FetchClient, type Middleware } from "openapi-fetch";
import type { paths } from "./schema.d.ts";

export type Client = FetchClient<paths>;

type Fetch = (request: Request) => Promise<Response>;

const CHANGES = new Set(["POST", "PUT", "PATCH", "DELETE"]);
const CSRF = "X-CSRF-Token";

/** For programs: every request carries the access token that `token` gives at that moment. */
export function withToken(baseUrl: string, token: () => string | Promise<string>): Client {
  const client = createClient<paths>({ baseUrl });
  client.use({
    async onRequest({ request }) {
      request.headers.set("Authorization", `Bearer ${await token()}`);
      return request;
    },
  });
  return client;
}

/**
 * For browsers: requests carry the session's cookies, and changes a CSRF token. The token is
 * fetched once, and once more when it is refused. Outside of a browser give a `fetch` that keeps
 * cookies.
 */
export function withCookies(baseUrl: string, fetch: Fetch = globalThis.fetch): Client {
  const client = createClient<paths>({ baseUrl, fetch, credentials: "include" });
  client.use(csrf(baseUrl, fetch));
  return client;
}

/** For those who have not signed in: register, sign in with `tokens: true`, ask for its health. */
export function anonymous(baseUrl: string): Client {
  return createClient<paths>({ baseUrl });
}

function csrf(baseUrl: string, fetch: Fetch): Middleware {
  const bare = createClient<paths>({ baseUrl, fetch, credentials: "include" });
  const repeatable = new Map<string, Request>();
  let known: Promise<string> | undefined;

  async function fetched(): Promise<string> {
    const { data } = await bare.GET("/api/csrf-token");
    if (data === undefined) {
      known = undefined; // the next change asks again
      return "";
    }
    return data.csrfToken;
  }

  return {
    async onRequest({ request, id }) {
      if (!CHANGES.has(request.method)) return undefined;
      known ??= fetched();
      request.headers.set(CSRF, await known);
      repeatable.set(id, request.clone());
      return request;
    },
    async onResponse({ response, id }) {
      const request = repeatable.get(id);
      repeatable.delete(id);
      if (request === undefined || response.status !== 403) return undefined;
      const body: { error?: { code?: string } } = await response.clone().json();
      if (body.error?.code !== "CSRF_INVALID") return undefined;
      known = fetched();
      request.headers.set(CSRF, await known);
      return fetch(request);
    },
    onError({ id }) {
      repeatable.delete(id);
    },
  };
}
