import { useState } from "react";
import { useWords } from "../words/words.tsx";
import styles from "./CheckList.module.css";
import { SearchField } from "./SearchField.tsx";
import type { Choice } from "./Select.tsx";
import { Checkbox } from "./Toggles.tsx";

const SEARCHED_FROM = 9;

/** Any of several; the chosen ones stay in sight, and many are found by typing. */
export function CheckList<Id extends string>(props: {
  label: string;
  isRequired?: boolean;
  choices: Choice<Id>[];
  value: readonly Id[];
  onChange: (ids: Id[]) => void;
}) {
  const words = useWords().common;
  const [typed, setTyped] = useState("");
  const { choices, value, onChange } = props;
  if (choices.length === 0) return null;
  const wanted = typed.trim().toLocaleLowerCase();
  const shown = choices.filter(
    ({ id, name }) => value.includes(id) || name.toLocaleLowerCase().includes(wanted),
  );
  return (
    <fieldset className={styles.frame}>
      <legend className={styles.label}>
        {props.label}{" "}
        {props.isRequired !== true && <span className={styles.optional}>{words.optional}</span>}
      </legend>
      {choices.length >= SEARCHED_FROM && (
        <SearchField label={words.search} value={typed} onChange={setTyped} />
      )}
      <div className={styles.list}>
        {shown.map(({ id, name, note }) => (
          <Checkbox
            key={id}
            isSelected={value.includes(id)}
            onChange={(isOn) =>
              onChange(isOn ? [...value, id] : value.filter((each) => each !== id))
            }
            {...(note === undefined ? {} : { hint: note })}
          >
            {name}
          </Checkbox>
        ))}
        {shown.length === 0 && <p className="muted">{words.noMatches}</p>}
      </div>
    </fieldset>
  );
}
