import { ok, type Segment } from "@koinonia/client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../api/client.ts";
import { useMay } from "../api/queries.ts";
import { Button, IconButton } from "../ui/Button.tsx";
import { Confirm, Dialog } from "../ui/Dialog.tsx";
import { Row, Rows } from "../ui/Rows.tsx";
import { Skeleton } from "../ui/Spinner.tsx";
import { EmptyState, ErrorState } from "../ui/States.tsx";
import { showDone } from "../ui/toasts.ts";
import { useWords } from "../words/words.tsx";
import { segmentsQuery } from "./queries.ts";

/** The saved filters of the church: look at one, or remove it. */
export function SegmentMenu(props: { onChoose: (id: string) => void }) {
  const words = useWords().people;
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button icon="group" onPress={() => setOpen(true)}>
        {words.segments}
      </Button>
      {isOpen && (
        <Dialog title={words.segments} isOpen onClose={() => setOpen(false)}>
          <Segments
            onChoose={(id) => {
              props.onChoose(id);
              setOpen(false);
            }}
          />
        </Dialog>
      )}
    </>
  );
}

function Segments(props: { onChoose: (id: string) => void }) {
  const words = useWords().people;
  const mayWork = useMay("people.work");
  const { data, error, refetch } = useQuery(segmentsQuery);
  const [removed, setRemoved] = useState<Segment>();
  if (error !== null) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <Skeleton />;
  if (data.length === 0) {
    return <EmptyState title={words.noSegments}>{words.noSegmentsWhy}</EmptyState>;
  }
  return (
    <>
      <Rows label={words.segments}>
        {data.map((segment) => (
          <Row
            key={segment.id}
            title={segment.name}
            {...(segment.missing === null ? {} : { note: words.segmentMisses })}
            actions={
              <>
                <Button size="s" onPress={() => props.onChoose(segment.id)}>
                  {words.look}
                </Button>
                {mayWork && (
                  <IconButton
                    icon="trash"
                    size="s"
                    label={words.removeSegment(segment.name)}
                    onPress={() => setRemoved(segment)}
                  />
                )}
              </>
            }
          />
        ))}
      </Rows>
      {removed && <RemoveSegment segment={removed} onClose={() => setRemoved(undefined)} />}
    </>
  );
}

function RemoveSegment({ segment, onClose }: { segment: Segment; onClose: () => void }) {
  const words = useWords();
  const queries = useQueryClient();
  const path = { segmentId: segment.id };
  const removing = useMutation({
    mutationFn: () => ok(api.DELETE("/api/segments/{segmentId}", { params: { path } })),
    async onSuccess() {
      await queries.invalidateQueries({ queryKey: segmentsQuery.queryKey });
      showDone(words.people.segmentRemoved(segment.name));
      onClose();
    },
  });
  return (
    <Confirm
      title={words.people.removeSegment(segment.name)}
      action={words.common.remove}
      isDanger
      isOpen
      isPending={removing.isPending}
      onClose={onClose}
      onConfirm={() => removing.mutate()}
    >
      <p>{words.people.removeSegmentWhy}</p>
    </Confirm>
  );
}
