import { anonymous } from "@koinonia/client";
import { endSession } from "./session.ts";

const LOCK = "koinonia-refresh";
const bare = anonymous(location.origin);
let last: Promise<unknown> = Promise.resolve();

/**
 * A `fetch` that renews an expired session once and repeats the request. A refresh token works
 * once, so one tab renews at a time, and whoever waited for the lock first looks whether another
 * has renewed already.
 */
export async function renewing(request: Request): Promise<Response> {
  const again = request.clone();
  const response = await fetch(request);
  const code = await refusal(response);
  if (code === undefined) return response;
  if (code !== "TOKEN_EXPIRED") {
    if (!isSigningIn(request)) endSession();
    return response;
  }
  return alone(async () => {
    const once = again.clone();
    const second = await fetch(again);
    if ((await refusal(second)) !== "TOKEN_EXPIRED") return second;
    const renewed = await refreshed();
    if (renewed.ok) return fetch(once);
    // A server in trouble has not ended the session: that is said, and it is tried again.
    return isOver(renewed) ? second : renewed;
  });
}

/** Renews the session for the event stream. False when it is over. */
export function renew(): Promise<boolean> {
  return alone(async () => {
    const { response } = await bare.GET("/api/auth/me", { cache: "no-store" });
    return response.status === 401 ? (await refreshed()).ok : response.ok;
  });
}

async function refreshed(): Promise<Response> {
  const { response, error } = await bare.POST("/api/auth/refresh");
  if (isOver(response)) endSession();
  const { status, headers } = response;
  return new Response(JSON.stringify(error ?? null), { status, headers }); // its own was read
}

function isOver({ status }: Response): boolean {
  return status === 401 || status === 403;
}

/** The code of a 401, undefined for every other answer. */
async function refusal(response: Response): Promise<string | undefined> {
  if (response.status !== 401) return undefined;
  const body: { error?: { code?: string } } = await response.clone().json();
  return body.error?.code ?? "UNAUTHORIZED";
}

function isSigningIn(request: Request): boolean {
  return /\/api\/auth\/(login(\/.+)?|register|invitations\/accept)$/.test(
    new URL(request.url).pathname,
  );
}

/** Without Web Locks (a page that was not served safely) only this tab waits for itself. */
function alone<Value>(work: () => Promise<Value>): Promise<Value> {
  if ("locks" in navigator) return navigator.locks.request(LOCK, work) as Promise<Value>;
  const next = last.then(work, work);
  last = next;
  return next;
}
