import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Skeleton } from "./Spinner.tsx";
import { ErrorState } from "./States.tsx";

/** What is fetched, or why it is not here: waiting, failed with a way on, empty, or there. */
export function ListState<Item>(props: {
  query: UseQueryResult<Item[]>;
  empty: ReactNode;
  children: (items: Item[]) => ReactNode;
}) {
  const { data, error, refetch } = props.query;
  if (data !== undefined) return data.length === 0 ? props.empty : props.children(data);
  if (error !== null) return <ErrorState error={error} onRetry={() => void refetch()} />;
  return <Skeleton lines={4} />;
}
