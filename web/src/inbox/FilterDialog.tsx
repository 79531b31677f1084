import { useState } from "react";
import { Button } from "../ui/Button.tsx";
import { ComboBox } from "../ui/ComboBox.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { Skeleton } from "../ui/Spinner.tsx";
import { ErrorState } from "../ui/States.tsx";
import { useWords } from "../words/words.tsx";
import { useFilterChoices } from "./filterChoices.ts";
import { FILTERS, hasFilters, type InboxSearch } from "./filters.ts";

const ANY = "any";

/** Which conversations are listed: by label, by group, by the number that was texted. */
export default function FilterDialog(props: {
  search: InboxSearch;
  onChange: (search: InboxSearch) => void;
  onClose: () => void;
}) {
  const words = useWords();
  const [wanted, setWanted] = useState(props.search);
  const { choices, failed } = useFilterChoices(() => true);
  const offered = FILTERS.filter((filter) => choices[filter]?.length !== 0 || wanted[filter]);
  const { label: _, group: __, number: ___, ...unfiltered } = wanted;
  const apply = (search: InboxSearch) => {
    props.onClose();
    props.onChange(search);
  };
  return (
    <Dialog
      title={words.inbox.filterTitle}
      isOpen
      size="s"
      onClose={props.onClose}
      actions={
        <>
          {hasFilters(props.search) && (
            <Button kind="quiet" onPress={() => apply(unfiltered)}>
              {words.inbox.clearFilters}
            </Button>
          )}
          <Button kind="primary" onPress={() => apply(wanted)}>
            {words.inbox.applyFilters}
          </Button>
        </>
      }
    >
      {failed && <ErrorState error={failed.error} onRetry={() => void failed.refetch()} />}
      {offered.length === 0 && <p>{words.inbox.nothingToFilter}</p>}
      {offered.map((filter) => {
        const found = choices[filter];
        if (found === undefined) return failed ? null : <Skeleton key={filter} lines={1} />;
        return (
          <ComboBox
            key={filter}
            label={words.inbox.filters[filter]}
            choices={[{ id: ANY, name: words.inbox.anyOf[filter] }, ...found]}
            value={wanted[filter] ?? ANY}
            onChange={(id) => {
              const { [filter]: ____, ...rest } = wanted;
              setWanted(id === ANY ? rest : { ...rest, [filter]: id });
            }}
          />
        );
      })}
    </Dialog>
  );
}
