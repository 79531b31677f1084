import { type AcceptRequest, ok, type SignedIn } from "@koinonia/client";
import { useMutation } from "@tanstack/react-query";
import { Link, useRouter } from "@tanstack/react-router";
import { useState } from "react";
import { api } from "../api/client.ts";
import { Button } from "../ui/Button.tsx";
import { FieldRow, Form } from "../ui/Form.tsx";
import { EmptyState } from "../ui/States.tsx";
import { TextField } from "../ui/TextField.tsx";
import { useWords } from "../words/words.tsx";
import { Door } from "./Door.tsx";
import { begin } from "./entry.ts";
import { NewPassword } from "./NewPassword.tsx";
import { SecondDoor } from "./SecondDoor.tsx";
import { challengeIn } from "./SecondStep.tsx";

/** The door of who was invited. The token is in the fragment, which no server gets to see. */
export function Join() {
  const words = useWords();
  const router = useRouter();
  const token = location.hash.replace(/^#(token=)?/, "");
  const [firstName, setFirstName] = useState("");
  const [lastName, setLastName] = useState("");
  const [password, setPassword] = useState("");
  const enter = (signedIn: SignedIn) => {
    begin(signedIn);
    router.history.replace("/");
  };
  const toSignIn = () => router.history.push("/sign-in");
  const joining = useMutation({
    mutationFn: (body: AcceptRequest) => ok(api.POST("/api/auth/invitations/accept", { body })),
    meta: { isShown: true },
    onSuccess: enter,
  });
  const challenge = challengeIn(joining.error);
  const submit = () =>
    joining.mutate({
      token,
      password,
      firstName: firstName.trim() || null,
      lastName: lastName.trim() || null,
    });
  if (challenge !== undefined)
    return <SecondDoor challenge={challenge} onEntered={enter} onBack={toSignIn} />;
  return (
    <Door
      title={words.join.title}
      lead={words.join.lead}
      foot={
        <p>
          {words.join.haveAccount} <Link to="/sign-in">{words.signIn.title}</Link>
        </p>
      }
    >
      {token === "" ? (
        <EmptyState title={words.join.noToken}>{words.join.noTokenWhy}</EmptyState>
      ) : (
        <Form
          error={joining.error}
          onSubmit={submit}
          actions={
            <Button type="submit" kind="primary" isPending={joining.isPending}>
              {words.join.submit}
            </Button>
          }
        >
          <FieldRow>
            <TextField
              name="firstName"
              autoComplete="given-name"
              label={words.register.firstName}
              value={firstName}
              onChange={setFirstName}
            />
            <TextField
              name="lastName"
              autoComplete="family-name"
              label={words.register.lastName}
              value={lastName}
              onChange={setLastName}
            />
          </FieldRow>
          <NewPassword
            label={words.signIn.password}
            known={[firstName, lastName]}
            value={password}
            onChange={setPassword}
          />
        </Form>
      )}
    </Door>
  );
}
