import { type Group, type Keyword, ok } from "@koinonia/client";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../api/client.ts";
import { useMay } from "../api/queries.ts";
import { Badge } from "../ui/Badge.tsx";
import { Button, IconButton } from "../ui/Button.tsx";
import { EditDialog, RemoveDialog } from "../ui/EditDialog.tsx";
import { ListState } from "../ui/ListState.tsx";
import { Section } from "../ui/Page.tsx";
import { Row, Rows } from "../ui/Rows.tsx";
import { TextArea, TextField } from "../ui/TextField.tsx";
import { Switch } from "../ui/Toggles.tsx";
import { useWords } from "../words/words.tsx";
import { keywordsQuery } from "./keywords.ts";

/** Who texts one of these words joins the group by themselves. */
export function GroupKeywords({ group }: { group: Group }) {
  const words = useWords();
  const mayRead = useMay("keywords.read");
  const mayManage = useMay("keywords.manage");
  const query = useQuery({
    ...keywordsQuery,
    enabled: mayRead,
    select: (all) => all.filter(({ groupId }) => groupId === group.id),
  });
  const [edited, setEdited] = useState<Keyword | "new">();
  const [removed, setRemoved] = useState<Keyword>();
  if (!mayRead) return null;
  return (
    <Section
      title={words.groups.keywords}
      note={words.groups.keywordsWhy}
      actions={
        mayManage && (
          <Button size="s" icon="plus" onPress={() => setEdited("new")}>
            {words.groups.addKeyword}
          </Button>
        )
      }
    >
      <ListState query={query} empty={<p className="muted">{words.groups.noKeywords}</p>}>
        {(own) => (
          <Rows label={words.groups.keywords}>
            {own.map((keyword) => (
              <Row
                key={keyword.id}
                title={keyword.word}
                badges={!keyword.isActive && <Badge>{words.groups.off}</Badge>}
                {...(keyword.answer === null ? {} : { note: keyword.answer })}
                actions={
                  mayManage && (
                    <>
                      <IconButton
                        icon="edit"
                        size="s"
                        label={words.groups.editKeyword(keyword.word)}
                        onPress={() => setEdited(keyword)}
                      />
                      <IconButton
                        icon="trash"
                        size="s"
                        label={words.groups.removeOne(keyword.word)}
                        onPress={() => setRemoved(keyword)}
                      />
                    </>
                  )
                }
              />
            ))}
          </Rows>
        )}
      </ListState>
      {edited && (
        <KeywordDialog
          group={group}
          {...(edited === "new" ? {} : { keyword: edited })}
          onClose={() => setEdited(undefined)}
        />
      )}
      {removed && <RemoveKeyword keyword={removed} onClose={() => setRemoved(undefined)} />}
    </Section>
  );
}

function RemoveKeyword({ keyword, onClose }: { keyword: Keyword; onClose: () => void }) {
  const words = useWords().groups;
  const path = { keywordId: keyword.id };
  return (
    <RemoveDialog
      title={words.removeOne(keyword.word)}
      remove={() => ok(api.DELETE("/api/keywords/{keywordId}", { params: { path } }))}
      touches={["keywords"]}
      done={words.removed(keyword.word)}
      onClose={onClose}
    >
      {words.removeKeywordWhy}
    </RemoveDialog>
  );
}

function KeywordDialog(props: { group: Group; keyword?: Keyword; onClose: () => void }) {
  const words = useWords().groups;
  const { group, keyword } = props;
  const [first] = useState({
    word: keyword?.word ?? "",
    answer: keyword?.answer ?? "",
    isActive: keyword?.isActive ?? true,
  });
  const [draft, setDraft] = useState(first);
  const save = (key: string) => {
    const body = { ...draft, answer: draft.answer.trim() || null, groupId: group.id };
    if (keyword === undefined) {
      return ok(
        api.POST("/api/keywords", { params: { header: { "Idempotency-Key": key } }, body }),
      );
    }
    const path = { keywordId: keyword.id };
    return ok(api.PATCH("/api/keywords/{keywordId}", { params: { path }, body }));
  };
  return (
    <EditDialog
      title={keyword === undefined ? words.addKeyword : words.editKeyword(keyword.word)}
      isDirty={JSON.stringify(draft) !== JSON.stringify(first)}
      save={save}
      touches={["keywords"]}
      done={words.saved(draft.word)}
      onClose={props.onClose}
    >
      <TextField
        name="word"
        label={words.word}
        hint={words.wordHint}
        isRequired
        autoFocus
        maxLength={40}
        value={draft.word}
        onChange={(word) => setDraft({ ...draft, word })}
      />
      <TextArea
        name="answer"
        label={words.answer}
        hint={words.answerHint}
        maxLength={1500}
        value={draft.answer}
        onChange={(answer) => setDraft({ ...draft, answer })}
      />
      <Switch isSelected={draft.isActive} onChange={(isActive) => setDraft({ ...draft, isActive })}>
        {words.isOn}
      </Switch>
    </EditDialog>
  );
}
