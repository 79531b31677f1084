import { useQuery } from "@tanstack/react-query";
import { MergeTextArea } from "../compose/MergeTextArea.tsx";
import { PartsLine } from "../compose/PartsLine.tsx";
import { useMergeFields } from "../compose/useMergeFields.ts";
import { Button } from "../ui/Button.tsx";
import { Menu, MenuItem } from "../ui/Menu.tsx";
import { showDone } from "../ui/toasts.ts";
import { useWords } from "../words/words.tsx";
import type { Broadcast } from "./broadcast.ts";
import { Pictures } from "./Pictures.tsx";
import { templatesToUseQuery } from "./queries.ts";
import { filesOf } from "./reading.ts";

const MOST_CHARACTERS = 20_000; // what can be counted; what can be sent is said beneath

interface Props {
  draft: Broadcast;
  change: (change: Partial<Broadcast>) => void;
  error: string | undefined;
}

/** The words, what they cost, and what goes with them. */
export function MessageField({ draft, change, error }: Props) {
  const words = useWords();
  const fields = useMergeFields();
  return (
    <>
      <MergeTextArea
        label={words.send.words}
        name="content"
        value={draft.content}
        onChange={(content) => change({ content })}
        fields={fields}
        error={error}
        hint={words.send.textHint}
        maxLength={MOST_CHARACTERS}
        tools={(insert) => (
          <>
            <Menu
              label={words.compose.fields}
              placement="bottom start"
              trigger={
                <Button kind="quiet" size="s" icon="person">
                  {words.compose.insertField}
                </Button>
              }
            >
              {fields.map(({ key, label, fallback }) => (
                <MenuItem
                  key={key}
                  id={key}
                  onAction={() => insert(fallback === "" ? `{{${key}}}` : `{{${key}|${fallback}}}`)}
                >
                  {label}
                </MenuItem>
              ))}
            </Menu>
            <TemplateMenu draft={draft} change={change} />
          </>
        )}
      />
      <PartsLine text={draft.content} onChange={(content) => change({ content })} />
      <Pictures
        files={draft.files}
        onChange={(files) => change({ files })}
        urls={draft.mediaUrls}
        onUrls={(mediaUrls) => change({ mediaUrls })}
      />
    </>
  );
}

/** Puts a template in the place of the words; one click brings them back. */
function TemplateMenu({ draft, change }: Omit<Props, "error">) {
  const words = useWords();
  const { data } = useQuery(templatesToUseQuery);
  if (data === undefined || data.length === 0) return null;
  return (
    <Menu
      label={words.compose.template}
      placement="bottom start"
      trigger={
        <Button kind="quiet" size="s" icon="template">
          {words.compose.template}
        </Button>
      }
    >
      {data.map(({ id, name, content, mediaIds }) => (
        <MenuItem
          key={id}
          id={id}
          onAction={() => {
            const { content: before, files } = draft;
            change({ content, ...(mediaIds.length > 0 ? { files: filesOf(mediaIds) } : {}) });
            if (before.trim() === "") return;
            showDone(words.compose.templateUsed(name), {
              label: words.common.undo,
              run: () => change({ content: before, files }),
            });
          }}
        >
          {name}
        </MenuItem>
      ))}
    </Menu>
  );
}
