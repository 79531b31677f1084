import type { Consent, ConsentLedgerEntry, Member } from "@koinonia/client";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useChurchFormat } from "../api/churchFormat.ts";
import { useMay } from "../api/queries.ts";
import { Button } from "../ui/Button.tsx";
import { Section } from "../ui/Page.tsx";
import { Skeleton } from "../ui/Spinner.tsx";
import { ErrorState, Notice } from "../ui/States.tsx";
import { useFormat } from "../words/format.ts";
import { useWords } from "../words/words.tsx";
import styles from "./PersonPage.module.css";
import { consentQuery } from "./queries.ts";
import { RecordConsent } from "./RecordConsent.tsx";
import { StopQuestion } from "./StopQuestion.tsx";

/** Whether the phone may be texted, and each statement that says so, latest first. */
export function ConsentSection({ member }: { member: Member }) {
  const words = useWords().people;
  const { data: consent, error, refetch } = useQuery(consentQuery(member.id));
  const mayWork = useMay("people.work");
  const [kind, setKind] = useState<"granted" | "revoked">();
  return (
    <Section
      title={words.consent}
      note={words.consentWhy}
      actions={
        mayWork &&
        consent && (
          <Button
            size="s"
            onPress={() => setKind(consent.state === "granted" ? "revoked" : "granted")}
          >
            {consent.state === "granted" ? words.recordStop : words.recordConsent}
          </Button>
        )
      }
    >
      {error !== null && !consent && <ErrorState error={error} onRetry={() => void refetch()} />}
      {error === null && !consent && <Skeleton lines={3} />}
      {consent && (
        <>
          <Notices consent={consent} />
          {consent.stopQuestion && (
            <StopQuestion phone={consent.phone} question={consent.stopQuestion} />
          )}
          <Ledger history={consent.history} />
        </>
      )}
      {kind && <RecordConsent member={member} kind={kind} onClose={() => setKind(undefined)} />}
    </Section>
  );
}

/** What stands against texting this phone. */
function Notices({ consent }: { consent: Consent }) {
  const words = useWords().people;
  const format = useFormat();
  return (
    <>
      {consent.state === "revoked" && consent.isOwn && (
        <Notice tone="warning">{words.ownStop}</Notice>
      )}
      {consent.isBlocked && <Notice tone="warning">{words.blocked}</Notice>}
      {consent.unreachable !== null && (
        <Notice tone="warning">{words.unreachable[consent.unreachable]}</Notice>
      )}
      {consent.stoppedGroups.length > 0 && (
        <Notice>
          {words.stoppedGroups(format.list(consent.stoppedGroups.map(({ name }) => name)))}
        </Notice>
      )}
    </>
  );
}

function Ledger({ history }: { history: ConsentLedgerEntry[] }) {
  const words = useWords().people;
  const format = useChurchFormat();
  if (history.length === 0) return <p className="muted">{words.noConsentKnown}</p>;
  return (
    <ol className={styles.ledger}>
      {history.map((entry) => (
        <li key={entry.id} className={styles.entry} data-kind={entry.kind}>
          <div className={styles.entryHead}>
            <strong>
              {words.kinds[entry.kind]}
              {entry.groupName !== null && ` · ${entry.groupName}`}
            </strong>
            <time dateTime={entry.occurredAt} className="muted">
              {format.moment(entry.occurredAt)}
            </time>
          </div>
          <span className={styles.note}>{words.methods[entry.method]}</span>
          {entry.words !== null && <span className={styles.words}>{entry.words}</span>}
          {entry.note !== null && <span className={styles.note}>{entry.note}</span>}
        </li>
      ))}
    </ol>
  );
}
