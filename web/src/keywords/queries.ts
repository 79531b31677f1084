import { everything, type Keyword, ok } from "@koinonia/client";
import { queryOptions } from "@tanstack/react-query";
import { api } from "../api/client.ts";

export const keywordsQuery = queryOptions({
  queryKey: ["keywords"],
  async queryFn({ signal }) {
    const found: Keyword[] = [];
    const pages = everything((from) =>
      ok(api.GET("/api/keywords", { params: { query: { ...from, limit: 100 } }, signal })),
    );
    for await (const keyword of pages) found.push(keyword);
    return found;
  },
});
