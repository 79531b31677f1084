import type { ImportJob } from "@koinonia/client";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { Page } from "../ui/Page.tsx";
import { Skeleton } from "../ui/Spinner.tsx";
import { ErrorState } from "../ui/States.tsx";
import { useWords } from "../words/words.tsx";
import { CheckStep } from "./CheckStep.tsx";
import { ColumnsStep } from "./ColumnsStep.tsx";
import { ConsentStep } from "./ConsentStep.tsx";
import { keepDraft, keptDraft, type MappingDraft } from "./mapping.ts";
import styles from "./Page.module.css";
import { importQuery, isWorking, isWritten } from "./queries.ts";
import { ResultStep } from "./ResultStep.tsx";
import { STEPS, type Step } from "./steps.ts";
import { Working } from "./Working.tsx";

/** One import from its columns to its result; the server knows how far it is. */
export function ImportPage() {
  const words = useWords();
  const { importId } = useParams({ from: "/within/people/import/$importId" });
  const { data: job, error, refetch } = useQuery(importQuery(importId));
  return (
    <Page
      title={job?.filename ?? words.imports.title}
      {...(job ? { lead: words.imports.rows(job.rows) } : {})}
      back={<Link to="/people/import">{words.imports.title}</Link>}
    >
      {error !== null && !job && <ErrorState error={error} onRetry={() => void refetch()} />}
      {error === null && !job && <Skeleton lines={8} />}
      {job && <Steps key={job.id} job={job} />}
    </Page>
  );
}

function Steps({ job }: { job: ImportJob }) {
  const wanted = useSearch({ from: "/within/people/import/$importId" }).step;
  const navigate = useNavigate({ from: "/people/import/$importId" });
  const [draft, setDraft] = useState(() => keptDraft(job));
  const change = (next: MappingDraft) => {
    keepDraft(job.id, next);
    setDraft(next);
  };
  const step = stepOf(job, wanted);
  const go = (to: Step) => void navigate({ search: { step: to } });
  return (
    <>
      <StepList current={step} />
      {isWorking(job) && <Working job={job} />}
      {!isWorking(job) && step === "columns" && (
        <ColumnsStep job={job} draft={draft} onChange={change} onChecked={() => go("check")} />
      )}
      {!isWorking(job) && step === "check" && <CheckStep job={job} onStep={go} />}
      {!isWorking(job) && step === "consent" && (
        <ConsentStep job={job} draft={draft} onChange={change} onStep={go} />
      )}
      {!isWorking(job) && step === "result" && <ResultStep job={job} />}
    </>
  );
}

/** Where it is; of an import that is checked the address says what is looked at. */
function stepOf(job: ImportJob, wanted: Step | undefined): Step {
  if (isWritten(job)) return "result";
  if (job.status === "checking") return "check";
  if (wanted === "consent" && job.mapping !== null) return "consent";
  if (job.status === "uploaded" || wanted === "columns") return "columns";
  return "check";
}

function StepList({ current }: { current: Step }) {
  const words = useWords().imports;
  const at = STEPS.indexOf(current);
  return (
    <ol className={styles.steps} aria-label={words.stepsLabel}>
      {STEPS.map((step, index) => (
        <li
          key={step}
          className={styles.step}
          data-state={index < at ? "done" : "open"}
          aria-current={index === at ? "step" : undefined}
        >
          <span className={styles.number}>{index + 1}</span>
          <span className={styles.stepName}>{words.steps[step]}</span>
        </li>
      ))}
    </ol>
  );
}
