import { ok, type ScheduleStatus } from "@koinonia/client";
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api } from "../api/client.ts";

export function schedulesQuery(status?: ScheduleStatus, cursor?: string) {
  const query = {
    limit: 25,
    ...(status === undefined ? {} : { status }),
    ...(cursor === undefined ? {} : { cursor }),
  };
  return queryOptions({
    queryKey: ["schedules", "list", query],
    queryFn: ({ signal }) => ok(api.GET("/api/schedules", { params: { query }, signal })),
    placeholderData: keepPreviousData,
  });
}

export function scheduleQuery(scheduleId: string) {
  return queryOptions({
    queryKey: ["schedules", scheduleId],
    queryFn: ({ signal }) =>
      ok(api.GET("/api/schedules/{scheduleId}", { params: { path: { scheduleId } }, signal })),
  });
}

export function nextDatesQuery(scheduleId: string) {
  return queryOptions({
    queryKey: ["schedules", scheduleId, "dates"],
    queryFn: ({ signal }) => {
      const params = { path: { scheduleId }, query: { count: 8 } };
      return ok(api.GET("/api/schedules/{scheduleId}/dates", { params, signal }));
    },
  });
}

export function occurrencesQuery(scheduleId: string, cursor?: string) {
  return queryOptions({
    queryKey: ["schedules", scheduleId, "occurrences", cursor ?? ""],
    queryFn: ({ signal }) => {
      const query = { limit: 10, ...(cursor === undefined ? {} : { cursor }) };
      const params = { path: { scheduleId }, query };
      return ok(api.GET("/api/schedules/{scheduleId}/occurrences", { params, signal }));
    },
    placeholderData: keepPreviousData,
  });
}
