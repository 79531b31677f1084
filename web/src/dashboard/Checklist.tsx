import type { Dashboard } from "@koinonia/client";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { numbersQuery } from "../settings/queries.ts";
import { Button, ButtonLink } from "../ui/Button.tsx";
import { Icon } from "../ui/Icon.tsx";
import { Section } from "../ui/Page.tsx";
import { useWords } from "../words/words.tsx";
import styles from "./Dashboard.module.css";
import { anyTextQuery } from "./queries.ts";
import { TextYourself } from "./TextYourself.tsx";

/** The first day of a church: a number, its people, and a text to oneself. */
export function Checklist({ stats }: { stats: Dashboard }) {
  const words = useWords().dashboard;
  const { data: numbers = [] } = useQuery(numbersQuery);
  const { data: hasSent = false } = useQuery(anyTextQuery);
  const [isTexting, setTexting] = useState(false);
  const hasNumber = numbers.some(({ status }) => status === "active");
  const isOrdered = numbers.some(({ status }) => status === "pending");
  const hasPeople = stats.members > 0;
  return (
    <Section title={words.firstDay} note={words.firstDayWhy}>
      <ol className={styles.steps}>
        <Step
          number={1}
          isDone={hasNumber}
          title={words.getNumber}
          note={isOrdered && !hasNumber ? words.numberOrdered : words.getNumberWhy}
          action={
            <ButtonLink to="/settings/numbers" size="s">
              {words.orderNumber}
            </ButtonLink>
          }
        />
        <Step
          number={2}
          isDone={hasPeople}
          title={words.bringPeople}
          note={words.bringPeopleWhy}
          action={
            <ButtonLink to="/people/import" size="s">
              {words.importList}
            </ButtonLink>
          }
        />
        <Step
          number={3}
          isDone={hasSent}
          title={words.textYourself}
          note={words.textYourselfWhy}
          action={
            <Button
              size="s"
              kind={hasNumber ? "primary" : "secondary"}
              isDisabled={!hasNumber}
              onPress={() => setTexting(true)}
            >
              {words.textYourself}
            </Button>
          }
        />
      </ol>
      {isTexting && <TextYourself onClose={() => setTexting(false)} />}
    </Section>
  );
}

function Step(props: {
  number: number;
  isDone: boolean;
  title: string;
  note: string;
  action: ReactNode;
}) {
  const words = useWords().dashboard;
  return (
    <li className={styles.step} data-done={props.isDone}>
      <span className={styles.mark}>
        {props.isDone ? <Icon name="check" /> : props.number}
        {props.isDone && <span className="visually-hidden">{words.done}</span>}
      </span>
      <div className={styles.stepWords}>
        <strong>{props.title}</strong>
        <p className={styles.aside}>{props.note}</p>
      </div>
      {!props.isDone && props.action}
    </li>
  );
}
