import {
  type ApiKey,
  type CannedReply,
  type Colleague,
  type Invitation,
  type Label,
  ok,
  type PhoneNumber,
  type Session,
} from "@koinonia/client";
import { queryOptions } from "@tanstack/react-query";
import { api } from "../api/client.ts";
import { collected } from "../groups/queries.ts";

const limit = 100;

const ORDER_MS = 3_000;

export const numbersQuery = queryOptions({
  queryKey: ["phone-numbers"],
  queryFn: ({ signal }) =>
    collected<PhoneNumber>((from) =>
      ok(api.GET("/api/phone-numbers", { params: { query: { ...from, limit } }, signal })),
    ),
  // The carrier takes its time over an order, and the stream does not say when it is done.
  refetchInterval: ({ state }) =>
    state.data?.some(({ status }) => status === "pending") === true ? ORDER_MS : false,
});

export const teamQuery = queryOptions({
  queryKey: ["team"],
  queryFn: ({ signal }) =>
    collected<Colleague>((from) =>
      ok(api.GET("/api/auth/team", { params: { query: { ...from, limit } }, signal })),
    ),
});

export const invitationsQuery = queryOptions({
  queryKey: ["invitations"],
  queryFn: ({ signal }) =>
    collected<Invitation>((from) =>
      ok(api.GET("/api/auth/invitations", { params: { query: { ...from, limit } }, signal })),
    ),
});

export const sessionsQuery = queryOptions({
  queryKey: ["sessions"],
  queryFn: ({ signal }) =>
    collected<Session>((from) =>
      ok(api.GET("/api/auth/sessions", { params: { query: { ...from, limit } }, signal })),
    ),
});

export const apiKeysQuery = queryOptions({
  queryKey: ["api-keys"],
  queryFn: ({ signal }) =>
    collected<ApiKey>((from) =>
      ok(api.GET("/api/auth/keys", { params: { query: { ...from, limit } }, signal })),
    ),
});

export const secondFactorQuery = queryOptions({
  queryKey: ["second-factor"],
  queryFn: ({ signal }) => ok(api.GET("/api/auth/second-factor", { signal })),
});

export const cannedRepliesQuery = queryOptions({
  queryKey: ["canned-replies"],
  queryFn: ({ signal }) =>
    collected<CannedReply>((from) =>
      ok(api.GET("/api/canned-replies", { params: { query: { ...from, limit } }, signal })),
    ),
});

export const labelsQuery = queryOptions({
  queryKey: ["labels"],
  queryFn: ({ signal }) =>
    collected<Label>((from) =>
      ok(api.GET("/api/labels", { params: { query: { ...from, limit } }, signal })),
    ),
});

export const textingRulesQuery = queryOptions({
  queryKey: ["texting-rules"],
  queryFn: ({ signal }) => ok(api.GET("/api/texting-rules", { signal })),
});

export const officeHoursQuery = queryOptions({
  queryKey: ["office-hours"],
  queryFn: ({ signal }) => ok(api.GET("/api/office-hours", { signal })),
});

export const usageQuery = queryOptions({
  queryKey: ["billing", "usage"],
  queryFn: ({ signal }) => ok(api.GET("/api/billing/usage", { signal })),
});
