import { useEffect, useState } from "react";
import { Button } from "../ui/Button.tsx";
import { useFormat } from "../words/format.ts";
import { useWords } from "../words/words.tsx";
import { fullName } from "./names.ts";
import type { Answered } from "./threadItems.ts";

const TICK_MS = 1_000;

/**
 * Sends; once a colleague answered while one was writing it says so itself, and a click then means
 * it. What it says is read out when it turns, and not at each second.
 */
export function SendButton(props: {
  answered: Answered | undefined;
  isReady: boolean;
  isBusy: boolean;
  onSend: (force: boolean) => void;
}) {
  const { answered } = props;
  const words = useWords().reply;
  const by = answered && (fullName(answered.by) || words.colleague);
  return (
    <>
      <span className="visually-hidden" role="status">
        {by !== undefined && words.movedOn(by)}
      </span>
      <Button
        kind={answered === undefined ? "primary" : "secondary"}
        icon={answered === undefined ? "send" : "alert"}
        isDisabled={!props.isReady && !props.isBusy}
        isPending={props.isBusy}
        onPress={() => props.onSend(answered !== undefined)}
      >
        {answered === undefined || by === undefined ? (
          words.send
        ) : (
          <Since by={by} at={answered.at} />
        )}
      </Button>
    </>
  );
}

function Since(props: { by: string; at: string }) {
  const words = useWords().reply;
  const format = useFormat();
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  return words.answeredSendAnyway(props.by, format.since(props.at, now));
}
