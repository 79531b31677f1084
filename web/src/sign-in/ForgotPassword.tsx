import { ok } from "@koinonia/client";
import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { api } from "../api/client.ts";
import { Button } from "../ui/Button.tsx";
import { Form } from "../ui/Form.tsx";
import { Notice } from "../ui/States.tsx";
import { TextField } from "../ui/TextField.tsx";
import { useWords } from "../words/words.tsx";
import { Door } from "./Door.tsx";

/** Asks for a new password by mail. Whether the address has an account nobody is told. */
export function ForgotPassword() {
  const words = useWords();
  const [email, setEmail] = useState("");
  const asking = useMutation({
    mutationFn: () => ok(api.POST("/api/auth/password/forgotten", { body: { email } })),
    meta: { isShown: true },
  });
  return (
    <Door
      title={words.recovery.forgotTitle}
      lead={words.recovery.forgotLead}
      foot={
        <p>
          <Link to="/sign-in">{words.signIn.title}</Link>
        </p>
      }
    >
      {asking.isSuccess && (
        <div role="status">
          <Notice tone="success">{words.recovery.asked}</Notice>
        </div>
      )}
      <Form
        error={asking.error}
        onSubmit={() => asking.mutate()}
        actions={
          <Button type="submit" kind="primary" isPending={asking.isPending}>
            {words.recovery.ask}
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
      </Form>
    </Door>
  );
}
