import {
  SearchField as AriaSearchField,
  Input,
  type SearchFieldProps,
} from "react-aria-components";
import { useWords } from "../words/words.tsx";
import { IconButton } from "./Button.tsx";
import styles from "./fields.module.css";
import { Icon } from "./Icon.tsx";

/** Its name is its placeholder; Escape empties it. `data-search` lets the key `/` find it. */
export function SearchField(
  props: Omit<SearchFieldProps, "className" | "style" | "children"> & { label: string },
) {
  const { label, ...rest } = props;
  const words = useWords().common;
  return (
    <AriaSearchField {...rest} aria-label={label}>
      {({ isEmpty }) => (
        <div className={styles.search}>
          <Icon name="search" />
          <Input className={styles.control} placeholder={label} data-search />
          {!isEmpty && <IconButton icon="close" size="s" label={words.clear} />}
        </div>
      )}
    </AriaSearchField>
  );
}
