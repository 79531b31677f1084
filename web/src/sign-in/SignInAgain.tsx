import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useMe } from "../api/queries.ts";
import { beginSession } from "../api/session.ts";
import { Button } from "../ui/Button.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { Form } from "../ui/Form.tsx";
import { PasswordField } from "../ui/TextField.tsx";
import { useWords } from "../words/words.tsx";
import { signIn } from "./entry.ts";
import { challengeIn, SecondStep } from "./SecondStep.tsx";

/**
 * The session ended while a page was open. The page stays as it is beneath, with everything that
 * was typed; the same person signs in and goes on.
 */
export default function SignInAgain() {
  const words = useWords().signIn;
  const { admin } = useMe();
  const queries = useQueryClient();
  const [password, setPassword] = useState("");
  const enter = () => {
    beginSession(admin.id);
    void queries.invalidateQueries();
  };
  const entering = useMutation({
    mutationFn: signIn,
    meta: { isShown: true },
    onSuccess: enter,
  });
  const challenge = challengeIn(entering.error);
  if (challenge !== undefined)
    return (
      <Dialog title={words.endedTitle} isOpen isFirm size="s" onClose={() => {}}>
        <SecondStep challenge={challenge} onEntered={enter} onBack={entering.reset} />
      </Dialog>
    );
  return (
    <Dialog title={words.endedTitle} isOpen isFirm size="s" onClose={() => {}}>
      <p>{words.endedLead(admin.email)}</p>
      <Form
        error={entering.error}
        onSubmit={() => entering.mutate({ email: admin.email, password })}
        actions={
          <>
            <Button kind="quiet" onPress={() => location.assign("/sign-in")}>
              {words.somebodyElse}
            </Button>
            <Button type="submit" kind="primary" isPending={entering.isPending}>
              {words.submit}
            </Button>
          </>
        }
      >
        <input type="hidden" name="username" autoComplete="username" value={admin.email} readOnly />
        <PasswordField
          name="password"
          autoComplete="current-password"
          autoFocus
          isRequired
          label={words.password}
          value={password}
          onChange={setPassword}
        />
      </Form>
    </Dialog>
  );
}
