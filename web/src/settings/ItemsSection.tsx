import type { UseQueryResult } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { Button, IconButton } from "../ui/Button.tsx";
import { RemoveDialog } from "../ui/EditDialog.tsx";
import { ListState } from "../ui/ListState.tsx";
import { Section } from "../ui/Page.tsx";
import { Row, Rows } from "../ui/Rows.tsx";
import { useWords } from "../words/words.tsx";

/** A short list whose items are added, changed and removed. */
export function ItemsSection<Item extends { id: string }>(props: {
  title: string;
  note: string;
  add: string;
  empty: string;
  query: UseQueryResult<Item[]>;
  mayChange: boolean;
  nameOf: (item: Item) => string;
  noteOf?: (item: Item) => ReactNode;
  leadOf?: (item: Item) => ReactNode;
  /** The form of an item, of a new one without it. */
  form: (item: Item | undefined, onClose: () => void) => ReactNode;
  remove: (item: Item) => Promise<unknown>;
  removeWhy: string;
  touches: string[];
}) {
  const words = useWords();
  const [edited, setEdited] = useState<Item | "new">();
  const [removed, setRemoved] = useState<Item>();
  const { nameOf } = props;
  return (
    <Section
      title={props.title}
      note={props.note}
      actions={
        props.mayChange && (
          <Button size="s" icon="plus" onPress={() => setEdited("new")}>
            {props.add}
          </Button>
        )
      }
    >
      <ListState query={props.query} empty={<p className="muted">{props.empty}</p>}>
        {(items) => (
          <Rows label={props.title}>
            {items.map((item) => (
              <Row
                key={item.id}
                title={nameOf(item)}
                {...(props.leadOf ? { lead: props.leadOf(item) } : {})}
                {...(props.noteOf ? { note: props.noteOf(item) } : {})}
                actions={
                  props.mayChange && (
                    <>
                      <IconButton
                        icon="edit"
                        size="s"
                        label={words.settings.change(nameOf(item))}
                        onPress={() => setEdited(item)}
                      />
                      <IconButton
                        icon="trash"
                        size="s"
                        label={words.settings.removeOne(nameOf(item))}
                        onPress={() => setRemoved(item)}
                      />
                    </>
                  )
                }
              />
            ))}
          </Rows>
        )}
      </ListState>
      {edited && props.form(edited === "new" ? undefined : edited, () => setEdited(undefined))}
      {removed && (
        <RemoveDialog
          title={words.settings.removeOne(nameOf(removed))}
          remove={() => props.remove(removed)}
          touches={props.touches}
          done={words.settings.removed(nameOf(removed))}
          onClose={() => setRemoved(undefined)}
        >
          {props.removeWhy}
        </RemoveDialog>
      )}
    </Section>
  );
}
