import { ok } from "@koinonia/client";
import { useQuery } from "@tanstack/react-query";
import { api } from "../api/client.ts";
import { useSettled } from "../send/useSettled.ts";
import { PasswordField } from "../ui/TextField.tsx";
import { useWords } from "../words/words.tsx";
import styles from "./NewPassword.module.css";

const SHORTEST = 10;
const LONGEST = 200;
const SETTLED_MS = 400;

/** A password that is being chosen: what is wrong with it stands there before it is sent. */
export function NewPassword(props: {
  name?: string;
  label: string;
  value: string;
  onChange: (value: string) => void;
  /** What others know of who chooses: address, name, church. */
  known: (string | null | undefined)[];
  autoFocus?: boolean;
}) {
  const words = useWords().register;
  const fault = useFault(props.value, props.known);
  return (
    <PasswordField
      name={props.name ?? "password"}
      autoComplete="new-password"
      minLength={SHORTEST}
      maxLength={LONGEST}
      isRequired
      autoFocus={props.autoFocus === true}
      label={props.label}
      hint={
        <span role="status" className={fault === null ? undefined : styles.fault}>
          {fault === null ? words.passwordHint : words.passwordFaults[fault]}
        </span>
      }
      value={props.value}
      onChange={props.onChange}
    />
  );
}

/** Null while it is not known; the server decides when the form is sent. */
function useFault(password: string, known: (string | null | undefined)[]) {
  const settled = useSettled(password, SETTLED_MS);
  const texts = known.flatMap((text) => text?.trim().slice(0, 254) || []);
  const { data } = useQuery({
    queryKey: ["password-check", settled, texts],
    queryFn: ({ signal }) =>
      ok(
        api.POST("/api/auth/password/check", { body: { password: settled, known: texts }, signal }),
      ),
    enabled: settled === password && password.length >= SHORTEST,
    gcTime: 0, // a password stays in no cache
    retry: false,
  });
  return settled === password ? (data?.fault ?? null) : null;
}
