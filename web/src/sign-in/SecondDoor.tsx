import type { SignedIn } from "@koinonia/client";
import { useWords } from "../words/words.tsx";
import { Door } from "./Door.tsx";
import { type Challenge, SecondStep } from "./SecondStep.tsx";

/** The page between the right password and the session. */
export function SecondDoor(props: {
  challenge: Challenge;
  onEntered: (signedIn: SignedIn) => void;
  onBack: () => void;
}) {
  const words = useWords().secondFactor;
  return props.challenge.kind === "code" ? (
    <Door title={words.codeTitle} lead={words.codeLead}>
      <SecondStep {...props} />
    </Door>
  ) : (
    <Door title={words.enrolTitle} lead={words.enrolLead}>
      <SecondStep {...props} />
    </Door>
  );
}
