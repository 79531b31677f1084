import { type ReactNode, useState } from "react";
import { SearchField } from "../ui/SearchField.tsx";
import { Checkbox } from "../ui/Toggles.tsx";
import { useWords } from "../words/words.tsx";
import styles from "./ChoiceList.module.css";

export interface Listed {
  id: string;
  name: string;
  note?: string;
}

const FOUND_FROM = 8; // so many can be looked over

/** Some of many, each with a box; what is chosen stands first once the list is opened. */
export function ChoiceList(props: {
  label: string;
  choices: Listed[];
  chosen: readonly string[];
  onChange: (ids: string[]) => void;
  empty: ReactNode;
  /** Shows its name, where no heading says it. */
  isTitled?: boolean;
}) {
  const words = useWords();
  const [search, setSearch] = useState("");
  const wanted = search.trim().toLocaleLowerCase();
  const shown = props.choices.filter(({ name }) => name.toLocaleLowerCase().includes(wanted));
  const toggle = (id: string, isChosen: boolean) => {
    const others = props.chosen.filter((each) => each !== id);
    props.onChange(isChosen ? [...others, id] : others);
  };
  if (props.choices.length === 0) return <p className="muted">{props.empty}</p>;
  return (
    <fieldset className={styles.frame} aria-label={props.label}>
      {props.isTitled === true && <p className={styles.title}>{props.label}</p>}
      {props.choices.length > FOUND_FROM && (
        <SearchField label={words.send.find} value={search} onChange={setSearch} />
      )}
      <div className={styles.list}>
        {shown.map(({ id, name, note }) => (
          <Checkbox
            key={id}
            isSelected={props.chosen.includes(id)}
            onChange={(isChosen) => toggle(id, isChosen)}
          >
            <span className={styles.row}>
              <span>{name}</span>
              {note !== undefined && <span className={styles.note}>{note}</span>}
            </span>
          </Checkbox>
        ))}
        {shown.length === 0 && <p className="muted">{words.common.noMatches}</p>}
      </div>
    </fieldset>
  );
}
