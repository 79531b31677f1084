import { type Keyword, ok } from "@koinonia/client";
import { queryOptions } from "@tanstack/react-query";
import { api } from "../api/client.ts";
import { collected } from "./queries.ts";

/** The words that people text to join a group. */
export const keywordsQuery = queryOptions({
  queryKey: ["keywords"],
  queryFn: ({ signal }) =>
    collected<Keyword>((from) =>
      ok(api.GET("/api/keywords", { params: { query: { ...from, limit: 100 } }, signal })),
    ),
});
