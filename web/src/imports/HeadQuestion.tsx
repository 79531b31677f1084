import { type ImportJob, ok } from "@koinonia/client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "../api/client.ts";
import { Section } from "../ui/Page.tsx";
import { RadioGroup } from "../ui/RadioGroup.tsx";
import { useWords } from "../words/words.tsx";
import styles from "./Page.module.css";
import { Refusal } from "./Refusal.tsx";

/** Whether the first row names the columns: a guess, which would lose a person where it is wrong. */
export function HeadQuestion(props: { job: ImportJob; onChanged: (job: ImportJob) => void }) {
  const words = useWords().imports;
  const queries = useQueryClient();
  const { job, onChanged } = props;
  const saying = useMutation({
    mutationFn: (hasHead: boolean) =>
      ok(
        api.PUT("/api/imports/{importId}/head", {
          params: { path: { importId: job.id } },
          body: { hasHead },
        }),
      ),
    meta: { isShown: true },
    onSuccess(changed) {
      queries.setQueryData(["imports", job.id], changed);
      onChanged(changed);
    },
  });
  if (job.headRow === null) return null;
  const hasHead = saying.isPending ? saying.variables : job.hasHead;
  return (
    <Section title={words.headTitle}>
      <p className={styles.headRow}>
        {job.headRow.cells.map((cell) => cell.trim() || "–").join(" · ")}
      </p>
      <RadioGroup
        label={words.headQuestion}
        choices={[
          { id: "head", name: words.isHead },
          { id: "person", name: words.isPerson },
        ]}
        value={hasHead ? "head" : "person"}
        onChange={(id) => saying.mutate(id === "head")}
        isDisabled={saying.isPending}
      />
      <Refusal error={saying.error} />
    </Section>
  );
}
