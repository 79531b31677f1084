import type { Keyword } from "@koinonia/client";
import { ok } from "@koinonia/client";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { api } from "../api/client.ts";
import { useMay } from "../api/queries.ts";
import { Badge } from "../ui/Badge.tsx";
import { Button, IconButton } from "../ui/Button.tsx";
import { RemoveDialog } from "../ui/EditDialog.tsx";
import { Page } from "../ui/Page.tsx";
import { Skeleton } from "../ui/Spinner.tsx";
import { EmptyState, ErrorState } from "../ui/States.tsx";
import { type Column, Table } from "../ui/Table.tsx";
import { useWords } from "../words/words.tsx";
import { KeywordDialog } from "./KeywordDialog.tsx";
import styles from "./Page.module.css";
import { keywordsQuery } from "./queries.ts";

const NEW = "new";

/** Words that people text, and what follows. The one that is open stands in the address. */
export function KeywordsPage() {
  const words = useWords().keywords;
  const mayManage = useMay("keywords.manage");
  const { open } = useSearch({ from: "/within/keywords" });
  const navigate = useNavigate({ from: "/keywords" });
  const edit = (id: string | undefined) =>
    void navigate({ search: id === undefined ? {} : { open: id }, replace: true });
  const columns = useColumns(mayManage ? ({ id }) => edit(id) : undefined);
  const { data, error, refetch } = useQuery(keywordsQuery);
  const edited = open === NEW ? null : data?.find(({ id }) => id === open);
  const add = mayManage && (
    <Button kind="primary" icon="plus" onPress={() => edit(NEW)}>
      {words.add}
    </Button>
  );
  return (
    <Page title={words.title} lead={words.lead} actions={data?.length === 0 ? null : add}>
      {error && <ErrorState error={error} onRetry={() => void refetch()} />}
      {data === undefined && error === null && <Skeleton lines={6} />}
      {data?.length === 0 && (
        <EmptyState icon="keyword" title={words.empty} action={add}>
          {words.emptyWhy}
        </EmptyState>
      )}
      {data !== undefined && data.length > 0 && (
        <Table label={words.title} columns={columns} rows={data} keyOf={({ id }) => id} />
      )}
      {mayManage && edited !== undefined && (
        <KeywordDialog key={open} keyword={edited} onClose={() => edit(undefined)} />
      )}
    </Page>
  );
}

function useColumns(onEdit: ((keyword: Keyword) => void) | undefined): Column<Keyword>[] {
  const { keywords: words, common } = useWords();
  const shown: Column<Keyword>[] = [
    {
      id: "word",
      header: words.columns.word,
      cell: ({ word }) => <span className={styles.word}>{word}</span>,
    },
    { id: "group", header: words.columns.group, cell: ({ groupName }) => groupName ?? "–" },
    {
      id: "answer",
      header: words.columns.answer,
      cell: ({ answer }) => <span className={styles.answer}>{answer ?? "–"}</span>,
    },
    {
      id: "notify",
      header: words.columns.notify,
      isMinor: true,
      cell: ({ notify }) => (notify.length === 0 ? words.nobody : words.people(notify.length)),
    },
    {
      id: "state",
      header: words.columns.state,
      cell: ({ isActive }) =>
        isActive ? <Badge tone="success">{words.isActive}</Badge> : <Badge>{words.off}</Badge>,
    },
  ];
  if (onEdit === undefined) return shown;
  const actions: Column<Keyword> = {
    id: "actions",
    header: common.edit,
    isActions: true,
    cell: (keyword) => <Actions keyword={keyword} onEdit={() => onEdit(keyword)} />,
  };
  return [...shown, actions];
}

function Actions({ keyword, onEdit }: { keyword: Keyword; onEdit: () => void }) {
  const words = useWords().keywords;
  const [isAsked, setAsked] = useState(false);
  return (
    <span className={styles.actions}>
      <IconButton size="s" icon="edit" label={words.edit(keyword.word)} onPress={onEdit} />
      <IconButton
        size="s"
        icon="trash"
        label={words.remove(keyword.word)}
        onPress={() => setAsked(true)}
      />
      {isAsked && (
        <RemoveDialog
          title={words.removeTitle(keyword.word)}
          action={words.removeYes}
          remove={() =>
            ok(
              api.DELETE("/api/keywords/{keywordId}", {
                params: { path: { keywordId: keyword.id } },
              }),
            )
          }
          touches={["keywords"]}
          done={words.removed}
          onClose={() => setAsked(false)}
        >
          {words.removeWhy}
        </RemoveDialog>
      )}
    </span>
  );
}
