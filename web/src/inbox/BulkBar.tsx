import { type ConversationBulkRequest, ok } from "@koinonia/client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "../api/client.ts";
import { useMay, useMe } from "../api/queries.ts";
import { Button, IconButton } from "../ui/Button.tsx";
import { showDone } from "../ui/toasts.ts";
import { useWords } from "../words/words.tsx";
import styles from "./BulkBar.module.css";
import type { InboxSearch } from "./filters.ts";

type Change = Omit<ConversationBulkRequest, "ids">;

/** What can be done to all that are selected. */
export default function BulkBar(props: {
  search: InboxSearch;
  selected: ReadonlySet<string>;
  onDone: () => void;
}) {
  const words = useWords();
  const { admin } = useMe();
  const mayWork = useMay("conversations.work");
  const queries = useQueryClient();
  const change = useMutation({
    mutationFn: (body: Change) =>
      ok(api.POST("/api/conversations/bulk", { body: { ids: [...props.selected], ...body } })),
    onSuccess(result) {
      showDone(words.inbox.bulk.done(result.changed));
      props.onDone();
      return queries.invalidateQueries({ queryKey: ["conversations"] });
    },
  });
  const isClosed = props.search.view === "closed" || props.search.view === "archived";
  const act = (body: Change) => ({
    size: "s" as const,
    isDisabled: change.isPending,
    onPress: () => change.mutate(body),
  });
  return (
    <div className={styles.bar}>
      <IconButton icon="close" size="s" label={words.common.cancel} onPress={props.onDone} />
      <span className={styles.count}>{words.inbox.selected(props.selected.size)}</span>
      {mayWork && (
        <>
          <Button {...act({ read: true })}>{words.inbox.bulk.read}</Button>
          <Button {...act({ assigneeId: admin.id })}>{words.inbox.bulk.assign}</Button>
          <Button {...act({ status: isClosed ? "open" : "closed" })}>
            {isClosed ? words.inbox.bulk.reopen : words.inbox.bulk.close}
          </Button>
        </>
      )}
    </div>
  );
}
