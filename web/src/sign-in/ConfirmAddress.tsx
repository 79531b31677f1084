import { ok } from "@koinonia/client";
import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { api } from "../api/client.ts";
import { meQuery, queryClient } from "../api/queries.ts";
import { Button, ButtonLink } from "../ui/Button.tsx";
import { Form } from "../ui/Form.tsx";
import { EmptyState } from "../ui/States.tsx";
import { useWords } from "../words/words.tsx";
import { Door } from "./Door.tsx";

/** Where the mailed link leads. It takes a click: programs that look into mail follow links too. */
export function ConfirmAddress() {
  const words = useWords();
  const token = location.hash.slice(1);
  const confirming = useMutation({
    mutationFn: () => ok(api.POST("/api/auth/email/confirm", { body: { token } })),
    meta: { isShown: true },
    onSuccess: () => queryClient.removeQueries({ queryKey: meQuery.queryKey }),
  });
  return (
    <Door
      title={words.recovery.confirmTitle}
      lead={words.recovery.confirmLead}
      foot={
        <p>
          <Link to="/sign-in">{words.signIn.title}</Link>
        </p>
      }
    >
      {confirming.isSuccess ? (
        <EmptyState
          icon="check"
          title={words.recovery.confirmed}
          action={<ButtonLink to="/">{words.recovery.goOn}</ButtonLink>}
        />
      ) : token === "" ? (
        <EmptyState title={words.join.noToken}>{words.recovery.noToken}</EmptyState>
      ) : (
        <Form
          error={confirming.error}
          onSubmit={() => confirming.mutate()}
          actions={
            <Button type="submit" kind="primary" isPending={confirming.isPending}>
              {words.recovery.confirm}
            </Button>
          }
        />
      )}
    </Door>
  );
}
