import type { FailureCount, MessageDetail } from "@koinonia/client";
import { useQuery } from "@tanstack/react-query";
import { Section } from "../ui/Page.tsx";
import { Skeleton } from "../ui/Spinner.tsx";
import { ErrorState } from "../ui/States.tsx";
import { type Column, Table } from "../ui/Table.tsx";
import { useFormat } from "../words/format.ts";
import { useWords } from "../words/words.tsx";
import { failuresQuery } from "./queries.ts";
import { TextBadge } from "./StatusBadge.tsx";

/** Why texts did not arrive, most first; nothing where all did. */
export function Failures({ message }: { message: MessageDetail }) {
  const { messages: words, failures } = useWords();
  const format = useFormat();
  const { failed, unconfirmed, skipped } = message.counts;
  const texts = failed + unconfirmed + skipped;
  const { data, error, refetch } = useQuery(failuresQuery(message.id, texts));
  if (texts === 0) return null;
  const columns: Column<FailureCount>[] = [
    {
      id: "reason",
      header: words.because,
      cell: ({ failure }) => failures[failure.code] ?? failure.message,
    },
    { id: "state", header: words.state, cell: ({ status }) => <TextBadge status={status} /> },
    {
      id: "texts",
      header: words.texts,
      isNumber: true,
      cell: (each) => format.number(each.texts),
    },
  ];
  return (
    <Section title={words.failures}>
      {error && <ErrorState error={error} onRetry={() => void refetch()} />}
      {data === undefined && error === null && <Skeleton lines={3} />}
      {data !== undefined && (
        <Table
          label={words.failures}
          columns={columns}
          rows={data.data}
          keyOf={({ status, failure }) => `${status} ${failure.code}`}
        />
      )}
    </Section>
  );
}
