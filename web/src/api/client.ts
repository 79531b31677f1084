import { type Client, withCookies } from "@koinonia/client";
import { renewing } from "./renewal.ts";

/** Every request of the pages goes through this one: cookies, CSRF, renewal of the session. */
export const api: Client = withCookies(location.origin, renewing);
