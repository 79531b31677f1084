import type { Conversation } from "@koinonia/client";
import { type KeyboardEvent, lazy, Suspense, useRef, useState } from "react";
import { useChurchFormat } from "../api/churchFormat.ts";
import { newKey } from "../api/idempotency.ts";
import type { DraftPlace } from "../compose/drafts.ts";
import { useDraft } from "../compose/useDraft.ts";
import { Button } from "../ui/Button.tsx";
import { FileButton } from "../ui/FileButton.tsx";
import { FormError, Notice } from "../ui/States.tsx";
import { showDone } from "../ui/toasts.ts";
import { useWords, withWords } from "../words/words.tsx";
import { useAttaching } from "./attaching.ts";
import { CannedReplies, useCanned } from "./CannedReplies.tsx";
import { DraftFiles } from "./DraftFiles.tsx";
import { fullName } from "./names.ts";
import { usePresence } from "./presence.ts";
import type { Entry } from "./queries.ts";
import styles from "./Reply.module.css";
import { SendButton } from "./SendButton.tsx";
import { SendLater } from "./SendLater.tsx";
import { type Answer, saidMeanwhile, useSending } from "./sending.ts";
import { answeredSince, newestLine } from "./threadItems.ts";

const PartsLine = lazy(
  withWords(() =>
    import("../compose/PartsLine.tsx").then((module) => ({ default: module.PartsLine })),
  ),
);
const RecipientChoice = lazy(() => import("./RecipientChoice.tsx"));

interface Props {
  place: DraftPlace;
  conversation: Conversation;
  /** What happened in the thread, the newest first. */
  entries: Entry[];
}

/** A text to the person. One click sends once; what came meanwhile is shown before it goes. */
export function TextComposer(props: Props) {
  const { conversation } = props;
  const words = useWords().reply;
  const composer = useComposer(props);
  const { draft, files, canned, sending } = composer;
  return (
    <div className={styles.composer} {...composer.drops}>
      {conversation.replyChoice !== null && (
        <Suspense fallback={null}>
          <RecipientChoice
            recipients={conversation.replyChoice.recipients}
            value={composer.recipient}
            onChange={composer.setRecipient}
          />
        </Suspense>
      )}
      <CannedReplies canned={canned} />
      <textarea
        className={styles.text}
        aria-label={words.label(
          conversation.member === null ? conversation.phone : fullName(conversation.member),
        )}
        aria-controls={canned.listId}
        aria-activedescendant={canned.activeId}
        placeholder={words.placeholder}
        maxLength={1600}
        data-composer
        value={draft.text}
        onChange={(event) => composer.write(event.target.value)}
        onKeyDown={composer.onKeyDown}
      />
      <Suspense fallback={null}>
        {draft.text !== "" && <PartsLine text={draft.text} onChange={composer.write} isVerbatim />}
      </Suspense>
      <DraftFiles
        files={files}
        failed={composer.failed}
        onRemove={composer.detach}
        onRetry={composer.attach}
      />
      <Refusal error={sending.error} onForce={() => composer.send({ force: true })} />
      <div className={styles.tools}>
        <FileButton
          isIcon
          label={words.attach}
          accept={["image/*", "audio/*", "video/*", "application/pdf", "text/vcard"]}
          allowsMultiple
          onChoose={composer.attach}
        />
        <SendLater
          isDisabled={!composer.isReady}
          onChoose={(sendAt) => composer.send({ sendAt })}
        />
        <span className={styles.count} />
        <SendButton
          answered={composer.answered}
          isReady={composer.isReady}
          isBusy={composer.isBusy}
          onSend={(force) => composer.send({ force })}
        />
      </div>
    </div>
  );
}

/** The draft, its files, whom it is for, and how it goes. */
function useComposer({ place, conversation, entries }: Props) {
  const words = useWords().reply;
  const format = useChurchFormat();
  const { draft, change, clear } = useDraft(place);
  const newestLineId = newestLine(entries);
  const [seenId, setSeenId] = useState(newestLineId);
  const [recipient, setRecipient] = useState<string>();
  const isUnderWay = useRef(false);
  const files = draft.files ?? [];
  const sending = useSending(conversation, ({ sendAt }) => {
    clear();
    if (sendAt !== undefined) showDone(words.laterDone(format.moment(sendAt)));
  });
  const { isAttaching, attach, failed, forget, drops } = useAttaching(change);
  const canned = useCanned(draft.text, (text) => change({ text }));
  const isEmpty = draft.text.trim() === "" && files.length === 0;
  const answered = isEmpty ? undefined : answeredSince(entries, seenId, place.adminId);
  usePresence(conversation.id, !isEmpty);

  const isBusy = sending.isPending || isAttaching;
  const isChosen = conversation.replyChoice === null || recipient !== undefined;
  const isReady = !isEmpty && !isBusy && isChosen;
  const send = (more: Partial<Answer> = {}) => {
    if (!isReady || isUnderWay.current) return;
    isUnderWay.current = true; // two clicks may come before the button is drawn as busy
    const answer = { draft, recipient, lastSeenLineId: seenId, force: false, ...more };
    const onSettled = () => {
      isUnderWay.current = false;
    };
    sending.mutate(answer, { onSettled });
  };
  const write = (text: string) => {
    // What was there when the writing began is what its writer has seen.
    if (draft.text === "") setSeenId(newestLineId);
    // Other words are another answer: with the old key they would count as the one that failed.
    change(sending.isError ? { text, key: newKey() } : { text });
    if (sending.isError) sending.reset();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (canned.onKeyDown(event)) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.repeat) send();
  };
  const detach = (id: string) => {
    forget(id);
    change((old) => ({ files: old.files?.filter((file) => file.id !== id) ?? [] }));
  };
  return {
    ...{ draft, files, canned, sending, recipient, setRecipient },
    ...{ answered, isBusy, isReady, send, write, onKeyDown, attach, failed, detach, drops },
  };
}

/** Why it did not go. When somebody spoke meanwhile, their words and a way to send it all the same. */
function Refusal({ error, onForce }: { error: unknown; onForce: () => void }) {
  const words = useWords();
  const said = saidMeanwhile(error);
  if (said === undefined) return <FormError error={error} />;
  const by = said.findLast(({ author }) => author !== null)?.author;
  return (
    <div role="alert">
      <Notice
        tone="warning"
        action={
          <Button size="s" onPress={onForce}>
            {words.reply.sendAnyway}
          </Button>
        }
      >
        <strong>
          {by ? words.reply.movedOn(fullName(by)) : words.reply.movedOnMany(said.length)}
        </strong>
        {said.slice(-3).map((line) => (
          <p key={line.id}>{line.content}</p>
        ))}
      </Notice>
    </div>
  );
}
