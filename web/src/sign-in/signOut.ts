import { ok } from "@koinonia/client";
import { api } from "../api/client.ts";

/**
 * Ends the session, and loads the page anew, so that nothing of it stays in memory. Drafts stay:
 * they are kept under who wrote them.
 */
export async function signOut(): Promise<void> {
  await ok(api.POST("/api/auth/logout"));
  location.assign("/sign-in?signedOut=true");
}
