import { ok } from "@koinonia/client";
import { queryOptions } from "@tanstack/react-query";
import { api } from "../api/client.ts";

/** How many nobody read, for the bell. */
export const unreadQuery = queryOptions({
  queryKey: ["notifications", "unread"],
  queryFn: ({ signal }) => ok(api.GET("/api/notifications/unread", { signal })),
});
