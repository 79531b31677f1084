import { type ImportJob, ok } from "@koinonia/client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "../api/client.ts";
import { Button } from "../ui/Button.tsx";
import { Progress } from "../ui/Meter.tsx";
import { Section } from "../ui/Page.tsx";
import { useWords } from "../words/words.tsx";
import styles from "./Page.module.css";

/** A worker has it: how far it is, and a way to stop it. */
export function Working({ job }: { job: ImportJob }) {
  const words = useWords().imports;
  const queries = useQueryClient();
  const path = { importId: job.id };
  const cancelling = useMutation({
    mutationFn: () => ok(api.POST("/api/imports/{importId}/cancel", { params: { path } })),
    onSuccess: (stopped) => queries.setQueryData(["imports", job.id], stopped),
  });
  return (
    <Section title={words.statuses[job.status]}>
      <Progress
        label={words.statuses[job.status]}
        value={job.rowsDone}
        max={Math.max(1, job.rows)}
      />
      <p role="status">{words.progress(job.rowsDone, job.rows)}</p>
      <p className="muted">{words.mayLeave}</p>
      {job.status !== "undoing" && (
        <div className={styles.foot}>
          <Button isPending={cancelling.isPending} onPress={() => cancelling.mutate()}>
            {words.stop}
          </Button>
        </div>
      )}
    </Section>
  );
}
