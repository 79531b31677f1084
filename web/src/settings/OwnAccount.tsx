import { ok } from "@koinonia/client";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../api/client.ts";
import { useMe } from "../api/queries.ts";
import { NewPassword } from "../sign-in/NewPassword.tsx";
import { Button } from "../ui/Button.tsx";
import { EditDialog } from "../ui/EditDialog.tsx";
import { Section } from "../ui/Page.tsx";
import { Row, Rows } from "../ui/Rows.tsx";
import { Notice } from "../ui/States.tsx";
import { PasswordField, TextField } from "../ui/TextField.tsx";
import { showDone } from "../ui/toasts.ts";
import { useWords } from "../words/words.tsx";
import { SecondFactor } from "./SecondFactor.tsx";

/** What one signs in with: the address and the password. */
export function OwnAccount() {
  const words = useWords().settings;
  const { admin } = useMe();
  const [task, setTask] = useState<"address" | "password">();
  const close = () => setTask(undefined);
  return (
    <Section title={words.signingIn}>
      <EmailTrouble />
      <Rows label={words.signingIn}>
        <Row
          title={words.email}
          note={admin.email}
          actions={
            <Button size="s" onPress={() => setTask("address")}>
              {words.changeAddress}
            </Button>
          }
        />
        <Row
          title={words.password}
          note={words.passwordWhy}
          actions={
            <Button size="s" onPress={() => setTask("password")}>
              {words.changePassword}
            </Button>
          }
        />
        <SecondFactor />
      </Rows>
      {task === "address" && <AddressDialog onClose={close} />}
      {task === "password" && <PasswordDialog onClose={close} />}
    </Section>
  );
}

/** Why no mail comes, and the way to prove that it does again. */
function EmailTrouble() {
  const words = useWords().settings;
  const { admin, emailTrouble } = useMe();
  const asking = useMutation({
    mutationFn: () => ok(api.POST("/api/auth/email/verification")),
    onSuccess: () => showDone(words.linkMailed(admin.email)),
  });
  if (emailTrouble === null) return null;
  return (
    <Notice
      tone="warning"
      action={
        <Button size="s" isPending={asking.isPending} onPress={() => asking.mutate()}>
          {words.mailLink}
        </Button>
      }
    >
      {words.emailTroubles[emailTrouble]}
    </Notice>
  );
}

function AddressDialog({ onClose }: { onClose: () => void }) {
  const words = useWords().settings;
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  return (
    <EditDialog
      title={words.changeAddress}
      submit={words.mailLink}
      isDirty={email !== "" || password !== ""}
      save={() => ok(api.POST("/api/auth/email", { body: { email, password } }))}
      touches={[]}
      done={words.linkMailed(email)}
      onClose={onClose}
      size="s"
    >
      <p className="muted">{words.changeAddressWhy}</p>
      <TextField
        name="email"
        type="email"
        autoComplete="email"
        label={words.newAddress}
        isRequired
        autoFocus
        value={email}
        onChange={setEmail}
      />
      <Present value={password} onChange={setPassword} />
    </EditDialog>
  );
}

function PasswordDialog({ onClose }: { onClose: () => void }) {
  const words = useWords();
  const { admin, church } = useMe();
  const [password, setPassword] = useState("");
  const [newPassword, setNewPassword] = useState("");
  return (
    <EditDialog
      title={words.settings.changePassword}
      isDirty={password !== "" || newPassword !== ""}
      save={() => ok(api.POST("/api/auth/password", { body: { password, newPassword } }))}
      touches={[]}
      done={words.settings.passwordChanged}
      onClose={onClose}
      size="s"
    >
      <p className="muted">{words.settings.changePasswordWhy}</p>
      <Present value={password} onChange={setPassword} autoFocus />
      <NewPassword
        name="newPassword"
        label={words.settings.newPassword}
        known={[admin.email, church.name, admin.firstName, admin.lastName]}
        value={newPassword}
        onChange={setNewPassword}
      />
    </EditDialog>
  );
}

function Present(props: { value: string; onChange: (value: string) => void; autoFocus?: boolean }) {
  const words = useWords().settings;
  return (
    <PasswordField
      {...props}
      name="password"
      autoComplete="current-password"
      isRequired
      label={words.presentPassword}
    />
  );
}
