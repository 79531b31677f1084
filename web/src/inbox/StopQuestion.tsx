import {
  type Conversation,
  type ConversationStopQuestion,
  type Decision,
  ok,
} from "@koinonia/client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useChurchFormat } from "../api/churchFormat.ts";
import { api } from "../api/client.ts";
import { useMay } from "../api/queries.ts";
import { Button } from "../ui/Button.tsx";
import { Notice } from "../ui/States.tsx";
import { showDone } from "../ui/toasts.ts";
import { useWords } from "../words/words.tsx";
import styles from "./StopQuestion.module.css";

/** A text that may ask to stop waits for somebody who says what it is. */
export function StopQuestion(props: {
  conversation: Conversation;
  question: ConversationStopQuestion;
}) {
  const words = useWords().thread;
  const format = useChurchFormat();
  const maySettle = useMay("people.work");
  const queries = useQueryClient();
  const { phone } = props.conversation;
  const settling = useMutation({
    mutationFn: (decision: Decision) =>
      ok(api.POST("/api/consents/stop-question", { body: { phone, decision } })),
    onSuccess() {
      showDone(words.stopSettled);
      return queries.invalidateQueries({ queryKey: ["conversations"] });
    },
  });
  const { question } = props;
  return (
    <Notice
      tone="warning"
      action={
        maySettle && (
          <div className={styles.choices}>
            <Button
              size="s"
              isDisabled={settling.isPending}
              onPress={() => settling.mutate("ordinary")}
            >
              {words.stopNo}
            </Button>
            <Button
              size="s"
              isDisabled={settling.isPending}
              onPress={() => settling.mutate("stop")}
            >
              {words.stopYes}
            </Button>
          </div>
        )
      }
    >
      <strong>{words.stopTitle}</strong>
      {question.words !== null && <p>{words.stopText(question.words)}</p>}
      <p>{words.stopWhy(format.moment(question.countsFrom))}</p>
    </Notice>
  );
}
