import type { OwnAccount, Permission } from "@koinonia/client";
import { ok } from "@koinonia/client";
import { MutationCache, QueryClient, queryOptions, useSuspenseQuery } from "@tanstack/react-query";
import { showFailure } from "../ui/toasts.ts";
import { api } from "./client.ts";
import { isPassing } from "./errors.ts";
import { ownSession } from "./session.ts";

declare module "@tanstack/react-query" {
  interface Register {
    /** `isShown`: the page shows the failure of this change itself, so no toast does. */
    mutationMeta: { isShown?: boolean };
  }
}

/** What is shown is kept right by events, so that it may count as fresh for a while. */
const FRESH_MS = 30_000;
const RETRIES = 2;

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: FRESH_MS,
      retry: (failures, error) => failures < RETRIES && isPassing(error),
      networkMode: "always", // a gateway on this machine answers without an internet
    },
    mutations: { retry: false, networkMode: "always" },
  },
  mutationCache: new MutationCache({
    onError(error, _variables, _result, mutation) {
      if (mutation.meta?.isShown !== true) showFailure(error);
    },
  }),
});

export const meQuery = queryOptions({
  queryKey: ["me"],
  async queryFn({ signal }) {
    const me = await ok(api.GET("/api/auth/me", { signal }));
    ownSession(me.admin.id);
    return me;
  },
  staleTime: 5 * 60_000,
});

/** Who is signed in; every page inside the shell may ask. */
export function useMe(): OwnAccount {
  return useSuspenseQuery(meQuery).data;
}

/** Whether who is signed in may do it: show no control that would be refused. */
export function useMay(permission: Permission): boolean {
  return useMe().permissions.includes(permission);
}
