import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useChurchFormat } from "../api/churchFormat.ts";
import { usageQuery } from "../settings/queries.ts";
import { Meter } from "../ui/Meter.tsx";
import { Section } from "../ui/Page.tsx";
import { Skeleton } from "../ui/Spinner.tsx";
import { ErrorState, Notice } from "../ui/States.tsx";
import { useWords } from "../words/words.tsx";

const DAY_MS = 86_400_000;
const NEAR = 0.8;

/** What of the plan is gone, and whether it lasts. */
export function Plan() {
  const words = useWords();
  const format = useChurchFormat();
  const { data: usage, error, refetch } = useQuery(usageQuery);
  const title = words.dashboard.plan;
  if (!usage) {
    return (
      <Section title={title}>
        {error === null ? (
          <Skeleton lines={3} />
        ) : (
          <ErrorState error={error} onRetry={() => void refetch()} />
        )}
      </Section>
    );
  }
  const gone = usage.used + usage.reserved;
  const starts = Date.parse(usage.period.startsAt);
  const ends = Date.parse(usage.period.endsAt);
  const passed = Math.max(DAY_MS, Date.now() - starts);
  const forecast = Math.round((gone / passed) * (ends - starts));
  const text = words.settings.usedOf(format.number(gone), format.number(usage.allowance));
  return (
    <Section title={title} actions={<Link to="/settings/usage">{words.dashboard.details}</Link>}>
      <p>{text}</p>
      <Meter
        label={title}
        value={gone}
        max={usage.allowance}
        valueText={text}
        tone={gone >= usage.allowance * NEAR ? "warning" : "accent"}
      />
      <p className="muted">{words.dashboard.endsOn(format.day(usage.period.endsAt))}</p>
      {forecast > usage.allowance && passed > 3 * DAY_MS && (
        <Notice tone="warning">{words.dashboard.forecast(format.number(forecast))}</Notice>
      )}
    </Section>
  );
}
