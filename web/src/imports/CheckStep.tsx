import type { ImportJob } from "@koinonia/client";
import { Button } from "../ui/Button.tsx";
import { Section } from "../ui/Page.tsx";
import { Notice } from "../ui/States.tsx";
import { useFormat } from "../words/format.ts";
import { useWords } from "../words/words.tsx";
import { Download } from "./Download.tsx";
import styles from "./Page.module.css";
import type { Step } from "./steps.ts";
import { RowResults, Tally } from "./Tally.tsx";

/** What the import would do. Nothing is written yet. */
export function CheckStep({ job, onStep }: { job: ImportJob; onStep: (step: Step) => void }) {
  const words = useWords().imports;
  const format = useFormat();
  const { created, updated, failed } = job.counts;
  return (
    <>
      <Section title={words.checkTitle} note={words.checkWhy}>
        <Tally counts={job.counts} isCheck />
        {job.newGroups.length > 0 && <Notice>{words.newGroups(format.list(job.newGroups))}</Notice>}
        {job.newFields.length > 0 && <Notice>{words.newFields(format.list(job.newFields))}</Notice>}
        {failed > 0 && (
          <Notice
            tone="warning"
            action={<Download importId={job.id} kind="refused" label={words.refusedFile} />}
          >
            {words.refusedWhy(failed)}
          </Notice>
        )}
        <RowResults job={job} isCheck />
      </Section>
      <div className={styles.foot}>
        <Button onPress={() => onStep("columns")}>{words.backToColumns}</Button>
        <Button
          kind="primary"
          isDisabled={created + updated === 0}
          onPress={() => onStep("consent")}
        >
          {words.toConsent}
        </Button>
      </div>
    </>
  );
}
