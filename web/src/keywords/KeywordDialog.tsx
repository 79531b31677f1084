import { type Keyword, ok } from "@koinonia/client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../api/client.ts";
import { useIdempotencyKey } from "../api/idempotency.ts";
import { ChoiceList } from "../compose/ChoiceList.tsx";
import { PartsLine } from "../compose/PartsLine.tsx";
import { groupsQuery } from "../send/queries.ts";
import { nameOf } from "../shell/AccountMenu.tsx";
import { Button } from "../ui/Button.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { FieldRow, Form } from "../ui/Form.tsx";
import { LeaveGuard } from "../ui/LeaveGuard.tsx";
import { Select } from "../ui/Select.tsx";
import { TextArea, TextField } from "../ui/TextField.tsx";
import { Switch } from "../ui/Toggles.tsx";
import { showDone } from "../ui/toasts.ts";
import { useWords } from "../words/words.tsx";
import { teamQuery } from "./queries.ts";

const NONE = "none";

interface Written {
  word: string;
  groupId: string | null;
  answer: string;
  notify: string[];
  isActive: boolean;
}

/** Writes a keyword, a new one without `keyword`. */
export function KeywordDialog({
  keyword,
  onClose,
}: {
  keyword: Keyword | null;
  onClose: () => void;
}) {
  const words = useWords();
  const [written, setWritten] = useState<Written>({
    word: keyword?.word ?? "",
    groupId: keyword?.groupId ?? null,
    answer: keyword?.answer ?? "",
    notify: keyword?.notify ?? [],
    isActive: keyword?.isActive ?? true,
  });
  const [isDirty, setDirty] = useState(false);
  const change = (part: Partial<Written>) => {
    setDirty(true);
    setWritten({ ...written, ...part });
  };
  const save = useSaving(keyword, written, onClose);
  return (
    <Dialog
      title={keyword === null ? words.keywords.add : words.keywords.edit(keyword.word)}
      isOpen
      isFirm={isDirty}
      onClose={onClose}
    >
      <Form
        error={save.error}
        onSubmit={() => save.mutate()}
        actions={
          <>
            <Button onPress={onClose}>{words.common.cancel}</Button>
            <Button type="submit" kind="primary" isPending={save.isPending}>
              {words.common.save}
            </Button>
          </>
        }
      >
        <Fields written={written} change={change} />
      </Form>
      <LeaveGuard isDirty={isDirty && !save.isSuccess} />
    </Dialog>
  );
}

function Fields(props: { written: Written; change: (part: Partial<Written>) => void }) {
  const words = useWords().keywords;
  const { written, change } = props;
  const groups = useQuery(groupsQuery).data ?? [];
  const team = useQuery(teamQuery).data?.data ?? [];
  return (
    <>
      <FieldRow>
        <TextField
          name="word"
          label={words.word}
          hint={words.wordHint}
          isRequired
          autoFocus
          maxLength={40}
          value={written.word}
          onChange={(word) => change({ word })}
        />
        <Select
          name="groupId"
          label={words.group}
          choices={[
            { id: NONE, name: words.noGroup },
            ...groups.map(({ id, name, branchName }) => ({ id, name, note: branchName })),
          ]}
          value={written.groupId ?? NONE}
          onChange={(id) => change({ groupId: id === NONE ? null : id })}
        />
      </FieldRow>
      <TextArea
        name="answer"
        label={words.answer}
        hint={words.answerHint}
        maxLength={1500}
        value={written.answer}
        onChange={(answer) => change({ answer })}
      />
      {written.answer !== "" && (
        <PartsLine text={written.answer} onChange={(answer) => change({ answer })} />
      )}
      <ChoiceList
        label={words.notify}
        choices={team.map((admin) => ({ id: admin.id, name: nameOf(admin) }))}
        chosen={written.notify}
        onChange={(notify) => change({ notify })}
        empty={words.notifyNone}
        isTitled
      />
      <Switch isSelected={written.isActive} onChange={(isActive) => change({ isActive })}>
        {words.isActive}
      </Switch>
    </>
  );
}

function useSaving(keyword: Keyword | null, written: Written, onClose: () => void) {
  const words = useWords().keywords;
  const queries = useQueryClient();
  const [key] = useIdempotencyKey();
  const body = { ...written, answer: written.answer.trim() === "" ? null : written.answer };
  return useMutation({
    mutationFn: () =>
      keyword === null
        ? ok(api.POST("/api/keywords", { params: { header: { "Idempotency-Key": key } }, body }))
        : ok(
            api.PATCH("/api/keywords/{keywordId}", {
              params: { path: { keywordId: keyword.id } },
              body,
            }),
          ),
    meta: { isShown: true },
    async onSuccess() {
      await queries.invalidateQueries({ queryKey: ["keywords"] });
      await queries.invalidateQueries({ queryKey: ["groups"] });
      showDone(words.saved);
      onClose();
    },
  });
}
