import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import styles from "./PagedTable.module.css";
import { Pagination } from "./Pagination.tsx";
import { Skeleton } from "./Spinner.tsx";
import { ErrorState } from "./States.tsx";
import { type Column, Table } from "./Table.tsx";

/** One page of a list as a table, with the way to the next: waiting, failed, empty, or there. */
export function PagedTable<Row extends { id: string }>(props: {
  label: string;
  query: UseQueryResult<{ data: Row[]; nextCursor: string | null }>;
  columns: Column<Row>[];
  empty: ReactNode;
  /** Where this page begins; undefined for the first, as in `onCursor`. */
  cursor: string | undefined;
  onCursor: (cursor: string | undefined) => void;
}) {
  const { data, error, refetch, isPlaceholderData } = props.query;
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <Skeleton lines={8} />;
  if (data.data.length === 0) return props.empty;
  return (
    <div className={styles.list} aria-busy={isPlaceholderData}>
      <Table label={props.label} columns={props.columns} rows={data.data} keyOf={(row) => row.id} />
      <Pagination
        nextCursor={data.nextCursor}
        isFirst={props.cursor === undefined}
        onNext={props.onCursor}
        onFirst={() => props.onCursor(undefined)}
      />
    </div>
  );
}
