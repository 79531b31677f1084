import type { Preview } from "@koinonia/client";
import { Notice } from "../ui/States.tsx";
import { useFormat } from "../words/format.ts";
import { phoneText } from "../words/phone.ts";
import { useWords } from "../words/words.tsx";
import { Excluded } from "./Excluded.tsx";

const CENTS = 100;

/** It was not sent, because it would do something else than was agreed to: what, and what to do. */
export function PlanChanged({ agreed, now }: { agreed: Preview; now: Preview | undefined }) {
  const words = useWords().send;
  const changes = useChanges(agreed, now);
  return (
    <div role="alert">
      <Notice tone="warning">
        <strong>{words.planChanged}</strong>
        {changes.map((each) => (
          <p key={each}>{each}</p>
        ))}
        {now !== undefined && <Excluded counts={now.excluded} besides={agreed.excluded} />}
        <p>{words.planChangedDo}</p>
      </Notice>
    </div>
  );
}

function useChanges(agreed: Preview, now: Preview | undefined): string[] {
  const words = useWords().send;
  const format = useFormat();
  if (now === undefined) return [];
  const said: string[] = [];
  if (now.phones !== agreed.phones) said.push(words.nowPhones(now.phones, agreed.phones));
  if (now.parts !== agreed.parts) said.push(words.nowParts(now.parts, agreed.parts));
  if (now.costCents !== null && now.costCents !== agreed.costCents) {
    said.push(words.nowCosts(format.money((now.costCents / CENTS).toFixed(2))));
  }
  const number = now.fromNumber?.phoneNumber;
  if (number !== undefined && number !== agreed.fromNumber?.phoneNumber) {
    said.push(words.nowFrom(phoneText(number)));
  }
  return said;
}
