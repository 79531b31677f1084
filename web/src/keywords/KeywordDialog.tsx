import { type Keyword, ok } from "@koinonia/client";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../api/client.ts";
import { ChoiceList } from "../compose/ChoiceList.tsx";
import { PartsLine } from "../compose/PartsLine.tsx";
import { groupsQuery } from "../send/queries.ts";
import { teamQuery } from "../settings/queries.ts";
import { nameOf } from "../shell/AccountMenu.tsx";
import { EditDialog } from "../ui/EditDialog.tsx";
import { FieldRow } from "../ui/Form.tsx";
import { Select } from "../ui/Select.tsx";
import { TextArea, TextField } from "../ui/TextField.tsx";
import { Switch } from "../ui/Toggles.tsx";
import { useWords } from "../words/words.tsx";

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
  const body = { ...written, answer: written.answer.trim() === "" ? null : written.answer };
  return (
    <EditDialog
      title={keyword === null ? words.keywords.add : words.keywords.edit(keyword.word)}
      isDirty={isDirty}
      save={(key) =>
        keyword === null
          ? ok(api.POST("/api/keywords", { params: { header: { "Idempotency-Key": key } }, body }))
          : ok(
              api.PATCH("/api/keywords/{keywordId}", {
                params: { path: { keywordId: keyword.id } },
                body,
              }),
            )
      }
      touches={["keywords", "groups"]}
      done={words.keywords.saved}
      onClose={onClose}
    >
      <Fields written={written} change={change} />
    </EditDialog>
  );
}

function Fields(props: { written: Written; change: (part: Partial<Written>) => void }) {
  const words = useWords().keywords;
  const { written, change } = props;
  const groups = useQuery(groupsQuery).data ?? [];
  const team = useQuery(teamQuery).data ?? [];
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
