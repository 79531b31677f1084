import { type ImportJob, ok } from "@koinonia/client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useChurchFormat } from "../api/churchFormat.ts";
import { api } from "../api/client.ts";
import { useIdempotencyKey } from "../api/idempotency.ts";
import { Button, ButtonLink } from "../ui/Button.tsx";
import { Confirm } from "../ui/Dialog.tsx";
import { Section } from "../ui/Page.tsx";
import { Notice } from "../ui/States.tsx";
import { useWords } from "../words/words.tsx";
import { Download } from "./Download.tsx";
import styles from "./Page.module.css";
import { reasonOf } from "./Refusal.tsx";
import { RowResults, Tally } from "./Tally.tsx";

/** What became of each row, the rows that were refused as a file, and the way back. */
export function ResultStep({ job }: { job: ImportJob }) {
  const allWords = useWords();
  const words = allWords.imports;
  const format = useChurchFormat();
  const [isUndoing, setUndoing] = useState(false);
  const isUndone = job.status === "undone";
  const { failed } = job.counts;
  return (
    <>
      <Section title={words.statuses[job.status]}>
        {job.status === "done" && failed === 0 && <Notice tone="success">{words.allWell}</Notice>}
        {job.reason !== null && <Notice tone="danger">{reasonOf(job, allWords)}</Notice>}
        {isUndone && job.undo ? (
          <Undone job={job} />
        ) : (
          <Tally counts={job.counts} isCheck={false} />
        )}
        {failed > 0 && !isUndone && (
          <Notice
            tone="warning"
            action={<Download importId={job.id} kind="refused" label={words.refusedFile} />}
          >
            {words.refusedWhy(failed)}
          </Notice>
        )}
        {!isUndone && <RowResults job={job} isCheck={false} />}
        <p className="muted">{words.keptUntil(format.moment(job.keptUntil))}</p>
      </Section>
      <div className={styles.foot}>
        {!isUndone && <Button onPress={() => setUndoing(true)}>{words.undo}</Button>}
        <ButtonLink to="/people" kind="primary">
          {words.toPeople}
        </ButtonLink>
      </div>
      {isUndoing && <Undo job={job} onClose={() => setUndoing(false)} />}
    </>
  );
}

function Undone({ job }: { job: ImportJob }) {
  const words = useWords().imports;
  const { undo } = job;
  if (undo === null) return null;
  return (
    <>
      <p>{words.undone(undo.removed, undo.putBack, undo.annulled)}</p>
      {undo.kept > 0 && (
        <Notice
          tone="warning"
          action={<Download importId={job.id} kind="kept" label={words.keptFile} />}
        >
          {words.undoKept(undo.kept)}
        </Notice>
      )}
    </>
  );
}

function Undo({ job, onClose }: { job: ImportJob; onClose: () => void }) {
  const words = useWords().imports;
  const queries = useQueryClient();
  const [key] = useIdempotencyKey();
  const undoing = useMutation({
    mutationFn: () =>
      ok(
        api.POST("/api/imports/{importId}/undo", {
          params: { path: { importId: job.id }, header: { "Idempotency-Key": key } },
        }),
      ),
    onSuccess(begun) {
      queries.setQueryData(["imports", job.id], begun);
      onClose();
    },
  });
  return (
    <Confirm
      title={words.undoTitle}
      action={words.undo}
      isDanger
      isOpen
      isPending={undoing.isPending}
      onClose={onClose}
      onConfirm={() => undoing.mutate()}
    >
      <p>{words.undoWhy(job.counts.created, job.counts.updated)}</p>
    </Confirm>
  );
}
