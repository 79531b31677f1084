import type { SignedIn } from "@koinonia/client";
import { useMutation } from "@tanstack/react-query";
import { Link, useRouter, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { Button } from "../ui/Button.tsx";
import { Form } from "../ui/Form.tsx";
import { Notice } from "../ui/States.tsx";
import { PasswordField, TextField } from "../ui/TextField.tsx";
import { useWords } from "../words/words.tsx";
import { Door } from "./Door.tsx";
import { begin, safeNext, signIn } from "./entry.ts";
import { SecondDoor } from "./SecondDoor.tsx";
import { challengeIn } from "./SecondStep.tsx";

export function SignIn() {
  const words = useWords();
  const { next, signedOut } = useSearch({ from: "/sign-in" });
  const router = useRouter();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const enter = (signedIn: SignedIn) => {
    begin(signedIn);
    router.history.push(safeNext(next));
  };
  const entering = useMutation({
    mutationFn: signIn,
    meta: { isShown: true },
    onSuccess: enter,
  });
  const challenge = challengeIn(entering.error);
  if (challenge !== undefined)
    return <SecondDoor challenge={challenge} onEntered={enter} onBack={entering.reset} />;
  return (
    <Door
      title={words.signIn.title}
      lead={words.signIn.lead}
      foot={
        <>
          <p>
            <Link to="/forgot-password">{words.recovery.forgot}</Link>
          </p>
          <p>
            {words.signIn.noAccount} <Link to="/register">{words.signIn.register}</Link>
          </p>
        </>
      }
    >
      {signedOut === true && !entering.isError && (
        <Notice tone="success">{words.signIn.signedOut}</Notice>
      )}
      <Form
        error={entering.error}
        onSubmit={() => entering.mutate({ email, password })}
        actions={
          <Button type="submit" kind="primary" isPending={entering.isPending}>
            {words.signIn.submit}
          </Button>
        }
      >
        <TextField
          name="email"
          type="email"
          autoComplete="username"
          autoFocus
          isRequired
          label={words.signIn.email}
          value={email}
          onChange={setEmail}
        />
        <PasswordField
          name="password"
          autoComplete="current-password"
          isRequired
          label={words.signIn.password}
          value={password}
          onChange={setPassword}
        />
      </Form>
    </Door>
  );
}
