import type { Preview } from "@koinonia/client";
import { useChurchFormat } from "../api/churchFormat.ts";
import { PhonePreview } from "../compose/PhonePreview.tsx";
import { Section } from "../ui/Page.tsx";
import { FormError, Notice } from "../ui/States.tsx";
import type { Format } from "../words/format.ts";
import { phoneText } from "../words/phone.ts";
import { useWords } from "../words/words.tsx";
import type { Broadcast } from "./broadcast.ts";
import { Excluded } from "./Excluded.tsx";
import styles from "./PlanPanel.module.css";
import type { Plan } from "./usePlan.ts";

const CENTS = 100;

/** What sending it would do, beside what is written. */
export function PlanPanel({ plan }: { plan: Plan }) {
  const words = useWords().send;
  const { preview, error, isStale } = plan;
  return (
    <Section title={words.plan}>
      <div className={styles.panel} data-stale={isStale} aria-busy={isStale}>
        {preview === undefined ? (
          <p className={styles.empty}>{words.planEmpty}</p>
        ) : (
          <Figures preview={preview} />
        )}
      </div>
      <FormError error={error} />
      {preview?.warnings.map(({ code, message }) => (
        <Notice key={code} tone={code === "FALLBACK_USED" ? "info" : "warning"}>
          {message}
        </Notice>
      ))}
    </Section>
  );
}

/** The text as some of them will read it. */
export function SamplePanel({ draft, plan }: { draft: Broadcast; plan: Plan }) {
  const words = useWords().send;
  const { preview } = plan;
  return (
    <Section title={words.sample}>
      <PhonePreview
        from={preview?.fromNumber ? phoneText(preview.fromNumber.phoneNumber) : "…"}
        samples={preview?.samples ?? [{ content: draft.content, parts: 0 }]}
        pictures={draft.files.map(({ id, url, name, contentType }) => ({
          id,
          url,
          name,
          isImage: contentType.startsWith("image/"),
        }))}
      />
    </Section>
  );
}

function Figures({ preview }: { preview: Preview }) {
  const words = useWords().send;
  const format = useChurchFormat();
  return (
    <>
      <p className={styles.phones}>
        <strong>{words.planPhones(preview.phones)}</strong>{" "}
        <span className="muted">{words.planPeople(preview.people)}</span>
      </p>
      <Excluded counts={preview.excluded} />
      <dl className={styles.figures}>
        <Row name={words.parts} value={format.number(preview.parts)}>
          {partsInWords(preview, words.partsEach)}
        </Row>
        <Row name={words.cost} value={cost(preview, format) ?? words.costUnknown} />
        {preview.remainingParts !== null && (
          <Row name={words.left} value={format.number(preview.remainingParts)} />
        )}
        {preview.startsAt !== null && (
          <Row name={words.starts} value={format.moment(preview.startsAt)} />
        )}
        {preview.finishesAt !== null && (
          <Row name={words.through} value={format.moment(preview.finishesAt)} />
        )}
      </dl>
      {preview.quietHours
        .filter(({ isOpen }) => !isOpen)
        .map(({ zone, phones, opensAt }) => (
          <p key={zone} className={styles.quiet}>
            {words.quiet(phones, format.moment(opensAt))}
          </p>
        ))}
    </>
  );
}

function Row(props: { name: string; value: string; children?: React.ReactNode }) {
  return (
    <div className={styles.row}>
      <dt>{props.name}</dt>
      <dd>
        {props.value}
        {props.children}
      </dd>
    </div>
  );
}

/** Said only where not all texts have the same length. */
function partsInWords(preview: Preview, each: (texts: number, parts: number) => string) {
  const counts = Object.entries(preview.partsByCount);
  if (counts.length < 2) return null;
  return (
    <small className={styles.each}>
      {counts.map(([parts, texts]) => each(texts, Number(parts))).join(", ")}
    </small>
  );
}

function cost(preview: Preview, format: Format): string | undefined {
  return preview.costCents === null
    ? undefined
    : format.money((preview.costCents / CENTS).toFixed(2));
}
