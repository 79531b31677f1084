import { ok } from "@koinonia/client";
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api } from "../api/client.ts";

const PER_PAGE = 25;

export interface Filters {
  unread?: true;
  cursor?: string;
}

export function notificationsQuery(filters: Filters) {
  const query = { limit: PER_PAGE, ...filters };
  return queryOptions({
    queryKey: ["notifications", "list", query],
    queryFn: ({ signal }) => ok(api.GET("/api/notifications", { params: { query }, signal })),
    placeholderData: keepPreviousData,
  });
}

export const preferencesQuery = queryOptions({
  queryKey: ["notification-preferences"],
  queryFn: ({ signal }) => ok(api.GET("/api/notifications/preferences", { signal })),
});
