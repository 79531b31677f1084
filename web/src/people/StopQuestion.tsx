import { ok, type StopQuestion as Question } from "@koinonia/client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useChurchFormat } from "../api/churchFormat.ts";
import { api } from "../api/client.ts";
import { useMay } from "../api/queries.ts";
import { Button } from "../ui/Button.tsx";
import { Notice } from "../ui/States.tsx";
import { useWords } from "../words/words.tsx";

/** A text that may ask to stop: somebody of the team says which it is. */
export function StopQuestion({ phone, question }: { phone: string; question: Question }) {
  const words = useWords().people;
  const format = useChurchFormat();
  const mayWork = useMay("people.work");
  const queries = useQueryClient();
  const settling = useMutation({
    mutationFn: (decision: "stop" | "ordinary") =>
      ok(api.POST("/api/consents/stop-question", { body: { phone, decision } })),
    async onSuccess() {
      await Promise.all([
        queries.invalidateQueries({ queryKey: ["consents"] }),
        queries.invalidateQueries({ queryKey: ["members"] }),
      ]);
    },
  });
  return (
    <Notice
      tone="warning"
      action={
        mayWork && (
          <>
            <Button size="s" isPending={settling.isPending} onPress={() => settling.mutate("stop")}>
              {words.isStop}
            </Button>
            <Button
              size="s"
              isPending={settling.isPending}
              onPress={() => settling.mutate("ordinary")}
            >
              {words.isNoStop}
            </Button>
          </>
        )
      }
    >
      {words.stopQuestion(question.words, format.moment(question.countsFrom))}
    </Notice>
  );
}
