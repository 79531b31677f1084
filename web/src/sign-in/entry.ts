import { ok, type SignedIn } from "@koinonia/client";
import { api } from "../api/client.ts";
import { queryClient } from "../api/queries.ts";
import { beginSession } from "../api/session.ts";

export interface Credentials {
  email: string;
  password: string;
}

export function signIn(credentials: Credentials): Promise<SignedIn> {
  return ok(api.POST("/api/auth/login", { body: credentials }));
}

/** After signing in: what somebody else may have seen here goes. */
export function begin({ admin }: SignedIn): void {
  queryClient.clear();
  beginSession(admin.id);
}

/** A page of our own, so that a link cannot lead to another site. */
export function safeNext(next: string | undefined): string {
  return next !== undefined && /^\/(?![/\\])/.test(next) ? next : "/";
}
