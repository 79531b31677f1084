import { ok, type PhoneNumber } from "@koinonia/client";
import { queryOptions } from "@tanstack/react-query";
import { api } from "../api/client.ts";
import { collected } from "../groups/queries.ts";

const PAGE = 100;

export const numbersQuery = queryOptions({
  queryKey: ["phone-numbers"],
  queryFn: ({ signal }) =>
    collected<PhoneNumber>((from) =>
      ok(api.GET("/api/phone-numbers", { params: { query: { ...from, limit: PAGE } }, signal })),
    ),
});
