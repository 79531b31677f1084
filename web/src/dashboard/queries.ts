import { ok, type Schedule } from "@koinonia/client";
import { queryOptions } from "@tanstack/react-query";
import { api } from "../api/client.ts";

export const statsQuery = queryOptions({
  queryKey: ["analytics", "stats"],
  queryFn: ({ signal }) => ok(api.GET("/api/analytics/stats", { signal })),
});

export const countsQuery = queryOptions({
  queryKey: ["conversations", "counts"],
  queryFn: ({ signal }) => ok(api.GET("/api/conversations/counts", { signal })),
});

/** When the text came that has waited longest of what who asks has not read. */
export const oldestQuery = queryOptions({
  queryKey: ["conversations", "oldest"],
  async queryFn({ signal }): Promise<string | null> {
    const query = { status: "open", unread: "mine", order: "oldest", limit: 1 } as const;
    const page = await ok(api.GET("/api/conversations", { params: { query }, signal }));
    return page.data[0]?.lastMessageAt ?? null;
  },
});

export const lastBroadcastsQuery = queryOptions({
  queryKey: ["messages", "list", "last"],
  async queryFn({ signal }) {
    const page = await ok(api.GET("/api/messages", { params: { query: { limit: 3 } }, signal }));
    return page.data;
  },
});

/** Whether anything was sent, a test text too. */
export const anyTextQuery = queryOptions({
  queryKey: ["messages", "list", "any"],
  async queryFn({ signal }) {
    const query = { limit: 1, includeTests: true };
    const page = await ok(api.GET("/api/messages", { params: { query }, signal }));
    return page.data.length > 0;
  },
});

/** The next ones, soonest first. */
export const nextSchedulesQuery = queryOptions({
  queryKey: ["schedules", "next"],
  async queryFn({ signal }): Promise<Schedule[]> {
    const query = { status: "active", limit: 100 } as const;
    const page = await ok(api.GET("/api/schedules", { params: { query }, signal }));
    return page.data
      .filter(({ nextAt }) => nextAt !== null)
      .sort((one, other) => (one.nextAt ?? "").localeCompare(other.nextAt ?? ""))
      .slice(0, 5);
  },
});
