import { type Draft, ok } from "@koinonia/client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { api } from "../api/client.ts";
import { newKey } from "../api/idempotency.ts";
import { useMe } from "../api/queries.ts";
import { Button, IconButton } from "../ui/Button.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { Form } from "../ui/Form.tsx";
import { Skeleton } from "../ui/Spinner.tsx";
import { EmptyState, ErrorState } from "../ui/States.tsx";
import { TextField } from "../ui/TextField.tsx";
import { showDone } from "../ui/toasts.ts";
import { useFormat } from "../words/format.ts";
import { useWords } from "../words/words.tsx";
import { type Broadcast, requestOf } from "./broadcast.ts";
import styles from "./DraftsButton.module.css";
import { draftsQuery } from "./queries.ts";

/** The drafts of the team, in a drawer. */
export function DraftsButton() {
  const words = useWords().send;
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button icon="note" onPress={() => setOpen(true)}>
        {words.drafts}
      </Button>
      <Dialog title={words.drafts} isOpen={isOpen} onClose={() => setOpen(false)} isDrawer>
        <Drafts onOpened={() => setOpen(false)} />
      </Dialog>
    </>
  );
}

function Drafts({ onOpened }: { onOpened: () => void }) {
  const words = useWords().send;
  const { data, error, refetch } = useQuery(draftsQuery);
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <Skeleton />;
  if (data.length === 0) {
    return (
      <EmptyState icon="note" title={words.noDrafts}>
        {words.noDraftsWhy}
      </EmptyState>
    );
  }
  return (
    <ul className={styles.drafts}>
      {data.map((draft) => (
        <Row key={draft.id} draft={draft} onOpened={onOpened} />
      ))}
    </ul>
  );
}

function Row({ draft, onOpened }: { draft: Draft; onOpened: () => void }) {
  const words = useWords().send;
  const format = useFormat();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const name = draft.name ?? words.untitled;
  const { content } = draft.message;
  const remove = useMutation({
    mutationFn: () =>
      ok(
        api.DELETE("/api/drafts/{draftId}", {
          params: { path: { draftId: draft.id }, query: { version: draft.version } },
        }),
      ),
    async onSuccess() {
      await queries.invalidateQueries({ queryKey: ["drafts"] });
      showDone(words.draftRemoved);
    },
  });
  return (
    <li className={styles.draft}>
      <div className={styles.words}>
        <p className={styles.name}>{name}</p>
        <p className={styles.content}>{typeof content === "string" ? content : ""}</p>
        <p className="muted">{words.writtenBy(format.ago(draft.updatedAt))}</p>
      </div>
      <div className={styles.actions}>
        <Button
          size="s"
          onPress={() => {
            onOpened();
            void navigate({ to: "/send", search: { draft: draft.id } });
          }}
        >
          {words.openDraft}
        </Button>
        <IconButton
          icon="trash"
          size="s"
          label={words.removeDraft(name)}
          isPending={remove.isPending}
          onPress={() => remove.mutate()}
        />
      </div>
    </li>
  );
}

/** Keeps what is written for the whole team. */
export function SaveDraft(props: {
  draft: Broadcast;
  change: (change: Partial<Broadcast>) => void;
}) {
  const words = useWords();
  const { church } = useMe();
  const queries = useQueryClient();
  const [isOpen, setOpen] = useState(false);
  const { draft, change } = props;
  const save = useMutation({
    mutationFn: () => savedForTeam(draft, church.timezone),
    meta: { isShown: true },
    onSuccess(saved) {
      change({ saved: { id: saved.id, version: saved.version } });
      void queries.invalidateQueries({ queryKey: ["drafts"] });
      setOpen(false);
      showDone(words.send.draftSaved);
    },
  });
  return (
    <>
      <Button kind="quiet" icon="note" onPress={() => setOpen(true)}>
        {words.send.saveDraft}
      </Button>
      <Dialog title={words.send.saveDraft} isOpen={isOpen} onClose={() => setOpen(false)} size="s">
        <Form
          error={save.error}
          onSubmit={() => save.mutate()}
          actions={
            <Button type="submit" kind="primary" isPending={save.isPending}>
              {words.common.save}
            </Button>
          }
        >
          <TextField
            name="name"
            label={words.send.draftName}
            autoFocus
            maxLength={100}
            value={draft.name}
            onChange={(name) => change({ name })}
          />
        </Form>
      </Dialog>
    </>
  );
}

function savedForTeam(draft: Broadcast, zone: string): Promise<Draft> {
  const body = { name: draft.name.trim() || null, message: requestOf(draft, zone) };
  if (draft.saved === null) {
    const params = { header: { "Idempotency-Key": newKey() } };
    return ok(api.POST("/api/drafts", { params, body }));
  }
  const { id, version } = draft.saved;
  return ok(
    api.PUT("/api/drafts/{draftId}", {
      params: { path: { draftId: id } },
      body: { ...body, version },
    }),
  );
}
