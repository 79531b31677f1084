import { useQuery } from "@tanstack/react-query";
import { useChurchFormat } from "../api/churchFormat.ts";
import { Meter } from "../ui/Meter.tsx";
import { Section } from "../ui/Page.tsx";
import { Fact, Facts } from "../ui/Rows.tsx";
import { Skeleton } from "../ui/Spinner.tsx";
import { ErrorState } from "../ui/States.tsx";
import { useWords } from "../words/words.tsx";
import styles from "./Layout.module.css";
import { usageQuery } from "./queries.ts";

const NEAR = 0.8;

/** What the plan allows, and what of it is gone. */
export function UsagePage() {
  const words = useWords().settings;
  const format = useChurchFormat();
  const { data: usage, error, refetch } = useQuery(usageQuery);
  if (error !== null && !usage) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!usage) return <Skeleton lines={6} />;
  const gone = usage.used + usage.reserved;
  const text = words.usedOf(format.number(gone), format.number(usage.allowance));
  return (
    <Section
      title={words.plan(usage.planName)}
      note={`${words.subscription[usage.status]} · ${words.until(format.day(usage.period.endsAt))}`}
    >
      <div className={styles.plan}>
        <p>{text}</p>
        <Meter
          label={words.sections.usage}
          value={gone}
          max={usage.allowance}
          valueText={text}
          tone={gone >= usage.allowance * NEAR ? "warning" : "accent"}
        />
      </div>
      <Facts>
        <Fact name={words.remaining}>{format.number(usage.remaining)}</Fact>
        <Fact name={words.underWay}>{format.number(usage.reserved)}</Fact>
        <Fact name={words.approved}>{format.number(usage.messages)}</Fact>
        <Fact name={words.partPrice}>
          {Number(usage.partPrice) === 0
            ? words.included
            : words.dollars(shortest(usage.partPrice))}
        </Fact>
        <Fact name={words.carrierCost}>{format.money(usage.cost)}</Fact>
        <Fact name={words.numberLimit}>{format.number(usage.numberLimit)}</Fact>
      </Facts>
    </Section>
  );
}

/** An exact price with as many decimals as it needs, at least cents: "0.01250" is "0.0125". */
function shortest(price: string): string {
  return price.replace(/(\.\d\d\d*?)0+$/, "$1");
}
