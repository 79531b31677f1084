import { type Branch, everything, type Field, type Group, ok } from "@koinonia/client";
import { queryOptions } from "@tanstack/react-query";
import { api } from "../api/client.ts";

const PAGE = 100;

/** Every group of the church, by name. */
export const groupsQuery = queryOptions({
  queryKey: ["groups"],
  queryFn: ({ signal }) =>
    collected<Group>((from) =>
      ok(api.GET("/api/groups", { params: { query: { ...from, limit: PAGE } }, signal })),
    ),
});

export const branchesQuery = queryOptions({
  queryKey: ["branches"],
  queryFn: ({ signal }) =>
    collected<Branch>((from) =>
      ok(api.GET("/api/branches", { params: { query: { ...from, limit: PAGE } }, signal })),
    ),
});

/** What this church writes down about people, besides names and phone. */
export const fieldsQuery = queryOptions({
  queryKey: ["fields"],
  queryFn: ({ signal }) =>
    collected<Field>((from) =>
      ok(api.GET("/api/fields", { params: { query: { ...from, limit: PAGE } }, signal })),
    ),
});

/** Lists that are short enough to be held whole. */
export async function collected<Item>(
  page: Parameters<typeof everything<Item>>[0],
): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of everything(page)) items.push(item);
  return items;
}
