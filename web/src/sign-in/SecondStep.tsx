import { ApiError, ok, type SignedIn } from "@koinonia/client";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../api/client.ts";
import { Button } from "../ui/Button.tsx";
import { Form } from "../ui/Form.tsx";
import { Skeleton } from "../ui/Spinner.tsx";
import { ErrorState } from "../ui/States.tsx";
import { TextField } from "../ui/TextField.tsx";
import { useWords } from "../words/words.tsx";
import { EnrolmentForm, RecoveryCodes } from "./Enrolment.tsx";

/** What is still wanted after the right password, and the token that proves it was shown. */
export interface Challenge {
  kind: "code" | "enrolment";
  token: string;
}

/** The second step that an answer to the password asks for; undefined where it is another failure. */
export function challengeIn(error: unknown): Challenge | undefined {
  if (!(error instanceof ApiError)) return undefined;
  const kind = KINDS[error.code];
  const details: unknown = error.details;
  if (kind === undefined || typeof details !== "object" || details === null) return undefined;
  return "challenge" in details && typeof details.challenge === "string"
    ? { kind, token: details.challenge }
    : undefined;
}

const KINDS: Record<string, Challenge["kind"]> = {
  SECOND_FACTOR_REQUIRED: "code",
  SECOND_FACTOR_MISSING: "enrolment",
};

/** The code of the app, or setting one up where the church requires it. */
export function SecondStep(props: {
  challenge: Challenge;
  onEntered: (signedIn: SignedIn) => void;
  onBack: () => void;
}) {
  return props.challenge.kind === "code" ? <CodeStep {...props} /> : <EnrolmentStep {...props} />;
}

function CodeStep(props: {
  challenge: Challenge;
  onEntered: (signedIn: SignedIn) => void;
  onBack: () => void;
}) {
  const words = useWords();
  const [code, setCode] = useState("");
  const entering = useMutation({
    mutationFn: () =>
      ok(api.POST("/api/auth/login/code", { body: { challenge: props.challenge.token, code } })),
    meta: { isShown: true },
    onSuccess: props.onEntered,
  });
  return (
    <Form
      error={entering.error}
      onSubmit={() => entering.mutate()}
      actions={
        <>
          <Button kind="quiet" onPress={props.onBack}>
            {words.common.back}
          </Button>
          <Button type="submit" kind="primary" isPending={entering.isPending}>
            {words.signIn.submit}
          </Button>
        </>
      }
    >
      <CodeField
        value={code}
        onChange={setCode}
        hint={words.secondFactor.codeOrRecovery}
        autoFocus
      />
    </Form>
  );
}

function EnrolmentStep(props: {
  challenge: Challenge;
  onEntered: (signedIn: SignedIn) => void;
  onBack: () => void;
}) {
  const challenge = props.challenge.token;
  const [entered, setEntered] = useState<SignedIn>();
  const begun = useQuery({
    queryKey: ["enrolment", challenge],
    queryFn: () => ok(api.POST("/api/auth/login/enrol", { body: { challenge } })),
    gcTime: 0, // a secret stays in no cache
    staleTime: Number.POSITIVE_INFINITY, // asking again would make another one
    retry: false,
  });
  if (entered !== undefined)
    return (
      <RecoveryCodes codes={entered.recoveryCodes ?? []} onKept={() => props.onEntered(entered)} />
    );
  if (begun.error !== null)
    return <ErrorState error={begun.error} onRetry={() => void begun.refetch()} />;
  if (begun.data === undefined) return <Skeleton lines={6} />;
  return (
    <EnrolmentForm
      begun={begun.data}
      confirm={async (code) =>
        setEntered(
          await ok(api.POST("/api/auth/login/enrol/confirm", { body: { challenge, code } })),
        )
      }
      onBack={props.onBack}
    />
  );
}

export function CodeField(props: {
  value: string;
  onChange: (code: string) => void;
  hint?: string;
  autoFocus?: boolean;
}) {
  const words = useWords().secondFactor;
  return (
    <TextField
      {...props}
      name="code"
      autoComplete="one-time-code"
      maxLength={40}
      isRequired
      label={words.code}
    />
  );
}
