import type { Occurrence } from "@koinonia/client";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useChurchFormat } from "../api/churchFormat.ts";
import { Badge, type Tone } from "../ui/Badge.tsx";
import { Section } from "../ui/Page.tsx";
import { Pagination } from "../ui/Pagination.tsx";
import { Skeleton } from "../ui/Spinner.tsx";
import { ErrorState } from "../ui/States.tsx";
import { type Column, Table } from "../ui/Table.tsx";
import { useWords } from "../words/words.tsx";
import { occurrencesQuery } from "./queries.ts";

const TONES: Record<Occurrence["outcome"], Tone> = {
  sent: "success",
  missed: "warning",
  failed: "danger",
  skipped: "neutral",
};

/** What became of each time that is over. */
export function Past({ scheduleId }: { scheduleId: string }) {
  const words = useWords().schedules;
  const [cursor, setCursor] = useState<string>();
  const columns = useColumns();
  const { data, error, refetch } = useQuery(occurrencesQuery(scheduleId, cursor));
  return (
    <Section title={words.past}>
      {error && <ErrorState error={error} onRetry={() => void refetch()} />}
      {data === undefined && error === null && <Skeleton lines={3} />}
      {data?.data.length === 0 && <p className="muted">{words.pastNone}</p>}
      {data !== undefined && data.data.length > 0 && (
        <>
          <Table
            label={words.past}
            columns={columns}
            rows={data.data}
            keyOf={(occurrence) => occurrence.occursAt}
          />
          <Pagination
            nextCursor={data.nextCursor}
            isFirst={cursor === undefined}
            onNext={setCursor}
            onFirst={() => setCursor(undefined)}
          />
        </>
      )}
    </Section>
  );
}

function useColumns(): Column<Occurrence>[] {
  const words = useWords().schedules;
  const format = useChurchFormat();
  return [
    { id: "when", header: words.when, cell: ({ occursAt }) => format.moment(occursAt) },
    {
      id: "outcome",
      header: words.outcome,
      cell: ({ outcome }) => (
        <Badge tone={TONES[outcome] ?? "neutral"}>{words.outcomes[outcome] ?? outcome}</Badge>
      ),
    },
    {
      id: "why",
      header: words.why,
      cell: ({ reason, messageId }) =>
        messageId === null ? (
          (reason ?? "–")
        ) : (
          <Link to="/messages/$messageId" params={{ messageId }}>
            {words.report}
          </Link>
        ),
    },
  ];
}
