import { useWords } from "../words/words.tsx";
import styles from "./FilterChips.module.css";
import { useFilterChoices } from "./filterChoices.ts";
import { FILTERS, type InboxSearch } from "./filters.ts";

/** The filters that are set, each to be taken away. */
export default function FilterChips(props: {
  search: InboxSearch;
  onChange: (search: InboxSearch) => void;
}) {
  const words = useWords().inbox;
  const { search } = props;
  const set = FILTERS.filter((filter) => search[filter] !== undefined);
  const { choices } = useFilterChoices((filter) => search[filter] !== undefined);
  return (
    <div className={styles.chips}>
      {set.map((filter) => {
        const name = choices[filter]?.find(({ id }) => id === search[filter])?.name ?? "…";
        return (
          <button
            key={filter}
            type="button"
            className={styles.chip}
            aria-label={words.dropFilter(words.filters[filter], name)}
            onClick={() => {
              const { [filter]: _, ...rest } = search;
              props.onChange(rest);
            }}
          >
            {name}
            <span aria-hidden="true">×</span>
          </button>
        );
      })}
    </div>
  );
}
