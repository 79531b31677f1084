import { type Enrolment, ok } from "@koinonia/client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../api/client.ts";
import { useMe } from "../api/queries.ts";
import { EnrolmentForm, RecoveryCodes } from "../sign-in/Enrolment.tsx";
import { CodeField } from "../sign-in/SecondStep.tsx";
import { Badge } from "../ui/Badge.tsx";
import { Button } from "../ui/Button.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { RemoveDialog } from "../ui/EditDialog.tsx";
import { Form } from "../ui/Form.tsx";
import { Row } from "../ui/Rows.tsx";
import { PasswordField } from "../ui/TextField.tsx";
import { showDone } from "../ui/toasts.ts";
import { useWords } from "../words/words.tsx";
import { secondFactorQuery } from "./queries.ts";

type Task = "enrol" | "codes" | "remove" | "require";

/** The second factor of who is signed in, and for owners whether the team needs one. */
export function SecondFactor() {
  const words = useWords().secondFactor;
  const { admin } = useMe();
  const { data } = useQuery(secondFactorQuery);
  const [task, setTask] = useState<Task>();
  const close = () => setTask(undefined);
  if (data === undefined) return null;
  const isOn = data.since !== null;
  return (
    <>
      <Row
        title={words.title}
        badges={isOn && <Badge tone="accent">{words.on}</Badge>}
        note={isOn ? words.codesLeft(data.codesLeft) : words.why}
        actions={
          isOn ? (
            <>
              <Button size="s" onPress={() => setTask("codes")}>
                {words.newCodes}
              </Button>
              {!data.isRequired && (
                <Button size="s" onPress={() => setTask("remove")}>
                  {words.turnOff}
                </Button>
              )}
            </>
          ) : (
            <Button size="s" onPress={() => setTask("enrol")}>
              {words.setUp}
            </Button>
          )
        }
      />
      {admin.role === "owner" && isOn && (
        <Row
          title={words.team}
          badges={data.isRequired && <Badge tone="accent">{words.required}</Badge>}
          note={words.teamWhy}
          actions={
            <Button size="s" onPress={() => setTask("require")}>
              {data.isRequired ? words.requireNoMore : words.require}
            </Button>
          }
        />
      )}
      {task === "enrol" && <SetUp onClose={close} />}
      {task === "codes" && <NewCodes onClose={close} />}
      {task === "remove" && <TurnOff onClose={close} />}
      {task === "require" && <Require isRequired={!data.isRequired} onClose={close} />}
    </>
  );
}

/** First the password, then the picture, then the recovery codes. */
function SetUp({ onClose }: { onClose: () => void }) {
  const words = useWords().secondFactor;
  const queries = useQueryClient();
  const [begun, setBegun] = useState<Enrolment>();
  const [codes, setCodes] = useState<string[]>();
  const close = () => {
    void queries.invalidateQueries({ queryKey: secondFactorQuery.queryKey });
    onClose();
  };
  const confirm = async (code: string) => {
    const made = await ok(api.POST("/api/auth/second-factor/confirm", { body: { code } }));
    setCodes(made.recoveryCodes);
  };
  return (
    <Dialog title={words.setUp} isOpen isFirm={codes !== undefined} size="s" onClose={close}>
      {codes !== undefined ? (
        <RecoveryCodes codes={codes} onKept={close} />
      ) : begun !== undefined ? (
        <EnrolmentForm begun={begun} confirm={confirm} onBack={close} />
      ) : (
        <Proof
          lead={words.why}
          submit={words.goOn}
          prove={async ({ password }) =>
            setBegun(await ok(api.POST("/api/auth/second-factor", { body: { password } })))
          }
          onBack={close}
        />
      )}
    </Dialog>
  );
}

function NewCodes({ onClose }: { onClose: () => void }) {
  const words = useWords().secondFactor;
  const queries = useQueryClient();
  const [codes, setCodes] = useState<string[]>();
  const close = () => {
    void queries.invalidateQueries({ queryKey: secondFactorQuery.queryKey });
    onClose();
  };
  return (
    <Dialog title={words.newCodes} isOpen isFirm={codes !== undefined} size="s" onClose={close}>
      {codes !== undefined ? (
        <RecoveryCodes codes={codes} onKept={close} />
      ) : (
        <Proof
          lead={words.newCodesWhy}
          submit={words.newCodes}
          takesCode
          prove={async (body) => {
            const made = await ok(api.POST("/api/auth/second-factor/recovery-codes", { body }));
            setCodes(made.recoveryCodes);
          }}
          onBack={close}
        />
      )}
    </Dialog>
  );
}

function TurnOff({ onClose }: { onClose: () => void }) {
  const words = useWords().secondFactor;
  const queries = useQueryClient();
  return (
    <Dialog title={words.turnOff} isOpen size="s" onClose={onClose}>
      <Proof
        lead={words.turnOffWhy}
        submit={words.turnOff}
        takesCode
        prove={async (body) => {
          await ok(api.POST("/api/auth/second-factor/remove", { body }));
          await queries.invalidateQueries({ queryKey: secondFactorQuery.queryKey });
          showDone(words.isOff);
          onClose();
        }}
        onBack={onClose}
      />
    </Dialog>
  );
}

function Require(props: { isRequired: boolean; onClose: () => void }) {
  const words = useWords().secondFactor;
  const body = { isRequired: props.isRequired };
  return (
    <RemoveDialog
      title={props.isRequired ? words.requireTitle : words.requireNoMoreTitle}
      action={props.isRequired ? words.require : words.requireNoMore}
      remove={() => ok(api.PUT("/api/auth/second-factor/requirement", { body }))}
      touches={["second-factor"]}
      done={words.saved}
      onClose={props.onClose}
    >
      {props.isRequired ? words.requireWhy : words.requireNoMoreWhy}
    </RemoveDialog>
  );
}

/** The password, and the code where it takes one. */
function Proof(props: {
  lead: string;
  submit: string;
  takesCode?: boolean;
  prove: (proof: { password: string; code: string }) => Promise<void>;
  onBack: () => void;
}) {
  const words = useWords();
  const [password, setPassword] = useState("");
  const [code, setCode] = useState("");
  const proving = useMutation({
    mutationFn: () => props.prove({ password, code }),
    meta: { isShown: true },
  });
  return (
    <Form
      error={proving.error}
      onSubmit={() => proving.mutate()}
      actions={
        <>
          <Button onPress={props.onBack}>{words.common.cancel}</Button>
          <Button type="submit" kind="primary" isPending={proving.isPending}>
            {props.submit}
          </Button>
        </>
      }
    >
      <p className="muted">{props.lead}</p>
      <PasswordField
        name="password"
        autoComplete="current-password"
        autoFocus
        isRequired
        label={words.settings.presentPassword}
        value={password}
        onChange={setPassword}
      />
      {props.takesCode === true && (
        <CodeField value={code} onChange={setCode} hint={words.secondFactor.codeOrRecovery} />
      )}
    </Form>
  );
}
