import { ok, type RegisterRequest } from "@koinonia/client";
import { useMutation } from "@tanstack/react-query";
import { Link, useRouter } from "@tanstack/react-router";
import { useState } from "react";
import { api } from "../api/client.ts";
import { Button } from "../ui/Button.tsx";
import { FieldRow, Form } from "../ui/Form.tsx";
import { TextField } from "../ui/TextField.tsx";
import { useLanguage, useWords } from "../words/words.tsx";
import { Door } from "./Door.tsx";
import { begin } from "./entry.ts";
import { NewPassword } from "./NewPassword.tsx";
import { ZoneField } from "./ZoneField.tsx";
import { guessedZone } from "./zones.ts";

const EMPTY = { churchName: "", firstName: "", lastName: "", email: "", password: "" };

/** The door of a church that is new here. */
export function Register() {
  const words = useWords();
  const router = useRouter();
  const { language } = useLanguage();
  const [fields, setFields] = useState(EMPTY);
  const [timezone, setTimezone] = useState(guessedZone);
  const registering = useMutation({
    mutationFn: (body: RegisterRequest) => ok(api.POST("/api/auth/register", { body })),
    meta: { isShown: true },
    onSuccess(signedIn) {
      begin(signedIn);
      router.history.push("/");
    },
  });
  const submit = () =>
    registering.mutate({
      ...fields,
      firstName: fields.firstName.trim() || null,
      lastName: fields.lastName.trim() || null,
      timezone,
      language: language === "es" ? "spanish" : "english",
    });
  return (
    <Door
      title={words.register.title}
      lead={words.register.lead}
      foot={
        <p>
          {words.signIn.haveAccount} <Link to="/sign-in">{words.signIn.title}</Link>
        </p>
      }
    >
      <Form
        error={registering.error}
        onSubmit={submit}
        actions={
          <Button type="submit" kind="primary" isPending={registering.isPending}>
            {words.register.submit}
          </Button>
        }
      >
        <Fields fields={fields} onChange={setFields} />
        <ZoneField
          label={words.register.timezone}
          hint={words.register.timezoneHint}
          value={timezone}
          onChange={setTimezone}
        />
      </Form>
    </Door>
  );
}

function Fields(props: { fields: typeof EMPTY; onChange: (fields: typeof EMPTY) => void }) {
  const words = useWords();
  const { fields } = props;
  const bound = (name: keyof typeof EMPTY) => ({
    name,
    value: fields[name],
    onChange: (value: string) => props.onChange({ ...fields, [name]: value }),
  });
  return (
    <>
      <TextField
        {...bound("churchName")}
        label={words.register.churchName}
        hint={words.register.churchNameHint}
        autoComplete="organization"
        maxLength={100}
        autoFocus
        isRequired
      />
      <FieldRow>
        <TextField
          {...bound("firstName")}
          label={words.register.firstName}
          autoComplete="given-name"
        />
        <TextField
          {...bound("lastName")}
          label={words.register.lastName}
          autoComplete="family-name"
        />
      </FieldRow>
      <TextField
        {...bound("email")}
        label={words.signIn.email}
        type="email"
        autoComplete="username"
        isRequired
      />
      <NewPassword
        {...bound("password")}
        label={words.signIn.password}
        known={[fields.email, fields.churchName, fields.firstName, fields.lastName]}
      />
    </>
  );
}
