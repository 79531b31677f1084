import type { ConversationLine } from "@koinonia/client";
import { lazy, Suspense, useState } from "react";
import { useMay, useMe } from "../api/queries.ts";
import { IconButton } from "../ui/Button.tsx";
import { Menu, MenuItem } from "../ui/Menu.tsx";
import { useWords } from "../words/words.tsx";

const NoteDialogs = lazy(() => import("./NoteDialogs.tsx"));

/** Its writer may change a note or take it away; so may who manages conversations. */
export function NoteActions(props: { line: ConversationLine; conversationId: string }) {
  const words = useWords();
  const { admin } = useMe();
  const mayManage = useMay("conversations.manage");
  const [open, setOpen] = useState<"edit" | "remove">();
  if (props.line.author?.id !== admin.id && !mayManage) return null;
  const close = () => setOpen(undefined);
  return (
    <>
      <Menu
        label={words.inbox.note}
        trigger={<IconButton icon="more" size="s" label={words.common.more} />}
      >
        <MenuItem icon="edit" onAction={() => setOpen("edit")}>
          {words.thread.editNote}
        </MenuItem>
        <MenuItem icon="trash" isDanger onAction={() => setOpen("remove")}>
          {words.thread.removeNote}
        </MenuItem>
      </Menu>
      <Suspense fallback={null}>
        {open && <NoteDialogs {...props} open={open} onClose={close} />}
      </Suspense>
    </>
  );
}
