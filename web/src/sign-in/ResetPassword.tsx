import { ok } from "@koinonia/client";
import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { api } from "../api/client.ts";
import { Button, ButtonLink } from "../ui/Button.tsx";
import { Form } from "../ui/Form.tsx";
import { EmptyState } from "../ui/States.tsx";
import { useWords } from "../words/words.tsx";
import { Door } from "./Door.tsx";
import { NewPassword } from "./NewPassword.tsx";

/** Where the mailed link leads: its secret is in the fragment, which no server gets to see. */
export function ResetPassword() {
  const words = useWords();
  const token = location.hash.slice(1);
  const [password, setPassword] = useState("");
  const choosing = useMutation({
    mutationFn: () => ok(api.POST("/api/auth/password/reset", { body: { token, password } })),
    meta: { isShown: true },
  });
  return (
    <Door
      title={words.recovery.resetTitle}
      lead={words.recovery.resetLead}
      foot={
        <p>
          <Link to="/forgot-password">{words.recovery.another}</Link>
        </p>
      }
    >
      {choosing.isSuccess ? (
        <EmptyState
          icon="check"
          title={words.recovery.resetDone}
          action={<ButtonLink to="/sign-in">{words.signIn.title}</ButtonLink>}
        >
          {words.recovery.resetDoneWhy}
        </EmptyState>
      ) : token === "" ? (
        <EmptyState title={words.join.noToken}>{words.recovery.noToken}</EmptyState>
      ) : (
        <Form
          error={choosing.error}
          onSubmit={() => choosing.mutate()}
          actions={
            <Button type="submit" kind="primary" isPending={choosing.isPending}>
              {words.recovery.choose}
            </Button>
          }
        >
          <NewPassword
            label={words.recovery.newPassword}
            known={[]}
            autoFocus
            value={password}
            onChange={setPassword}
          />
        </Form>
      )}
    </Door>
  );
}
