import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { peopleQuery } from "../send/queries.ts";
import { useSettled } from "../send/useSettled.ts";
import { Button, IconButton } from "../ui/Button.tsx";
import { SearchField } from "../ui/SearchField.tsx";
import { FormError } from "../ui/States.tsx";
import { phoneText } from "../words/phone.ts";
import { useWords } from "../words/words.tsx";
import styles from "./PeoplePicker.module.css";

export interface Person {
  id: string;
  name: string;
  phone: string;
  email: string | null;
}

const ASKED_AFTER_MS = 200;

/** Finds people by name or phone; `onChoose` gets who is clicked. */
export function PeopleSearch(props: {
  label: string;
  chosen: readonly string[];
  onChoose: (person: Person) => void;
  autoFocus?: boolean;
}) {
  const words = useWords().send;
  const [typed, setTyped] = useState("");
  const search = useSettled(typed.trim(), ASKED_AFTER_MS);
  const { data, error } = useQuery(peopleQuery(search));
  const found = (data?.data ?? [])
    .filter(({ id }) => !props.chosen.includes(id))
    .map(({ id, firstName, lastName, phone, email }) => ({
      id,
      name: [firstName, lastName].filter(Boolean).join(" ") || phoneText(phone),
      phone,
      email,
    }));
  return (
    <div className={styles.search}>
      <SearchField
        label={props.label}
        value={typed}
        onChange={setTyped}
        autoFocus={props.autoFocus === true}
      />
      <FormError error={error} />
      {search !== "" && data !== undefined && (
        <ul className={styles.found}>
          {found.map((person) => (
            <li key={person.id}>
              <Button
                kind="quiet"
                icon="plus"
                onPress={() => {
                  props.onChoose(person);
                  setTyped("");
                }}
              >
                <span>{person.name}</span>
                <span className={styles.phone}>{phoneText(person.phone)}</span>
              </Button>
            </li>
          ))}
          {data.data.length === 0 && <li className="muted">{words.nobodyFound(search)}</li>}
        </ul>
      )}
    </div>
  );
}

/** Who is chosen, each with a way out. */
export function ChosenPeople(props: {
  people: { id: string; name: string }[];
  onRemove: (id: string) => void;
}) {
  const words = useWords().send;
  if (props.people.length === 0) return <p className="muted">{words.nobodyChosen}</p>;
  return (
    <ul className={styles.chosen} aria-label={words.chosen}>
      {props.people.map(({ id, name }) => (
        <li key={id} className={styles.chip}>
          {name}
          <IconButton
            icon="close"
            size="s"
            label={words.removePerson(name)}
            onPress={() => props.onRemove(id)}
          />
        </li>
      ))}
    </ul>
  );
}
