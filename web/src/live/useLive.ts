import type { StreamEvent } from "@koinonia/client";
import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useEffect, useEffectEvent } from "react";
import { useMe } from "../api/queries.ts";
import { renew } from "../api/renewal.ts";
import { endSession, useSessionEnded } from "../api/session.ts";
import { Batch, isGap, touched } from "./apply.ts";
import { endCatchingUp, loseConnection, openConnection, setConnection } from "./connection.ts";
import { follow } from "./stream.ts";

type Listener = (event: StreamEvent) => void;

const listeners = new Set<Listener>();

/** Keeps right what is shown, for as long as the shell stands and the session lasts. */
export function useLive(): void {
  const { admin } = useMe();
  const queries = useQueryClient();
  const isEnded = useSessionEnded();
  useEffect(() => {
    if (isEnded) return undefined;
    const batch = new Batch((key) => void queries.invalidateQueries({ queryKey: key }));
    const unfollow = follow(admin.id, {
      renew,
      onOver: endSession,
      // A stream may outlive the line for a while: nothing else of the page does.
      onSign: ({ isOpen }) => (isOpen && navigator.onLine ? openConnection() : loseConnection()),
      onEvent(event) {
        if (event.event === "state") setConnection({ kind: event.data.live ? "live" : "late" });
        if (isGap(event)) void catchUp(queries);
        batch.add(touched(event));
        for (const listener of listeners) listener(event);
      },
    });
    window.addEventListener("offline", loseConnection);
    return () => {
      unfollow();
      batch.stop();
      window.removeEventListener("offline", loseConnection);
    };
  }, [admin.id, queries, isEnded]);
}

/** Every event, for a page that moves its figures by them instead of asking anew. */
export function useEvents(listener: Listener): void {
  const heard = useEffectEvent(listener);
  useEffect(() => {
    const each = (event: StreamEvent) => heard(event);
    listeners.add(each);
    return () => {
      listeners.delete(each);
    };
  }, []);
}

/** Something was missed: what is shown is fetched anew, the counts too. */
async function catchUp(queries: QueryClient): Promise<void> {
  const isFirst = queries.getQueryCache().getAll().length <= 1;
  if (!isFirst) setConnection({ kind: "catching" });
  await queries.invalidateQueries();
  endCatchingUp();
}
