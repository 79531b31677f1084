import { Button } from "../ui/Button.tsx";
import { Menu, MenuItem } from "../ui/Menu.tsx";
import { useWords } from "../words/words.tsx";
import type { PeopleSearch } from "./search.ts";

/** The order of the list. Who looks for a name gets the names in theirs. */
export function Sorting(props: { search: PeopleSearch; onChange: (search: PeopleSearch) => void }) {
  const words = useWords().people;
  const { sort, ...rest } = props.search;
  if (rest.q !== undefined) return null;
  return (
    <Menu
      label={words.order}
      trigger={
        <Button icon="chevronDown" aria-label={words.orderIs(words.orders[sort ?? "newest"])}>
          {words.orders[sort ?? "newest"]}
        </Button>
      }
    >
      <MenuItem id="newest" onAction={() => props.onChange(rest)}>
        {words.orders.newest}
      </MenuItem>
      <MenuItem id="name" onAction={() => props.onChange({ ...rest, sort: "name" })}>
        {words.orders.name}
      </MenuItem>
    </Menu>
  );
}
