import { ok, type WaitingReply } from "@koinonia/client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useVirtualizer } from "@tanstack/react-virtual";
import {
  type RefObject,
  useCallback,
  useEffect,
  useEffectEvent,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import { useChurchFormat } from "../api/churchFormat.ts";
import { api } from "../api/client.ts";
import { useMe } from "../api/queries.ts";
import { Button } from "../ui/Button.tsx";
import { Icon } from "../ui/Icon.tsx";
import { Spinner } from "../ui/Spinner.tsx";
import { showDone } from "../ui/toasts.ts";
import { useWords } from "../words/words.tsx";
import { instantOf, wallTimeOf } from "../words/zone.ts";
import { Line } from "./Line.tsx";
import styles from "./Lines.module.css";
import { conversationQuery } from "./queries.ts";
import type { ThreadItem } from "./threadItems.ts";

const END_PX = 48; // so near to the end one is at the end, and follows what comes
const OLDER_ROWS = 8;
const HOUR_MS = 60 * 60_000;

/**
 * The lines of a thread, windowed. It opens at its end and follows what comes only while one is
 * there; older lines that are fetched leave what one reads where it is.
 */
export function Lines(props: {
  label: string;
  conversationId: string;
  items: ThreadItem[];
  hasOlder: boolean;
  isFetchingOlder: boolean;
  onOlder: () => void;
}) {
  const { items, hasOlder, isFetchingOlder } = props;
  const words = useWords().thread;
  const frame = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => frame.current,
    estimateSize: (index) => (items[index]?.kind === "day" ? 44 : 76),
    getItemKey: (index) => items[index]?.key ?? index,
    overscan: 10,
    anchorTo: "end",
  });
  const total = virtual.getTotalSize();
  const { isAtEnd, toEnd } = useEnd(frame, total);

  const rows = virtual.getVirtualItems();
  const firstRow = rows[0]?.index ?? 0;
  const askOlder = useEffectEvent(() => props.onOlder());
  useEffect(() => {
    if (firstRow < OLDER_ROWS && hasOlder && !isFetchingOlder && items.length > 0) askOlder();
  }, [firstRow, hasOlder, isFetchingOlder, items.length]);

  return (
    <div className={styles.place}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys */}
      <div ref={frame} className={styles.frame} role="log" aria-label={props.label} tabIndex={0}>
        <p className={styles.begin}>
          {isFetchingOlder ? <Spinner /> : hasOlder ? words.older : words.beginning}
        </p>
        <div className={styles.lines} style={{ height: total }}>
          {rows.map((row) => {
            const item = items[row.index];
            if (item === undefined) return null;
            return (
              <div
                key={row.key}
                ref={virtual.measureElement}
                data-index={row.index}
                className={styles.row}
                style={{ transform: `translateY(${row.start}px)` }}
              >
                <Item item={item} conversationId={props.conversationId} />
              </div>
            );
          })}
        </div>
      </div>
      <Latest items={items} isAtEnd={isAtEnd} onJump={toEnd} />
    </div>
  );
}

/** Whether one is at the end, and stays there while the lines or the frame change their height. */
function useEnd(frame: RefObject<HTMLDivElement | null>, total: number) {
  const [isAtEnd, setAtEnd] = useState(true);
  const holds = useRef(true);
  const toEnd = useCallback(() => {
    holds.current = true;
    const element = frame.current;
    if (element) element.scrollTop = element.scrollHeight;
  }, [frame]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each new height is followed
  useLayoutEffect(() => {
    if (holds.current) toEnd();
  }, [total, toEnd]);
  useEffect(() => {
    const element = frame.current;
    if (element === null) return undefined;
    const look = () => {
      const rest = element.scrollHeight - element.scrollTop - element.clientHeight;
      holds.current = rest <= END_PX;
      setAtEnd(holds.current);
    };
    const resized = new ResizeObserver(() => holds.current && toEnd());
    resized.observe(element);
    element.addEventListener("scroll", look, { passive: true });
    return () => {
      resized.disconnect();
      element.removeEventListener("scroll", look);
    };
  }, [frame, toEnd]);
  return { isAtEnd, toEnd };
}

function Item({ item, conversationId }: { item: ThreadItem; conversationId: string }) {
  const words = useWords().thread;
  switch (item.kind) {
    case "day":
      return <Day at={item.at} />;
    case "new":
      return <p className={styles.new}>{words.newLine}</p>;
    case "entry":
      return <Line entry={item.entry} conversationId={conversationId} />;
    case "waiting":
      return <Waiting reply={item.reply} conversationId={conversationId} />;
  }
}

function Day({ at }: { at: string }) {
  const words = useWords().thread;
  const format = useChurchFormat();
  const zone = useMe().church.timezone;
  const day = format.day(at);
  const today = wallTimeOf(new Date(), zone).slice(0, 10);
  const midnight = instantOf(`${today}T00:00`, zone);
  const names = new Map([
    [format.day(new Date(midnight.getTime() - HOUR_MS)), words.yesterday],
    [format.day(new Date()), words.today],
  ]);
  const name = names.get(day) ?? day;
  return <h3 className={styles.day}>{name}</h3>;
}

/** An answer that goes out later, and the way to stop it. */
function Waiting({ reply, conversationId }: { reply: WaitingReply; conversationId: string }) {
  const words = useWords().thread;
  const format = useChurchFormat();
  const queries = useQueryClient();
  const params = { path: { conversationId, scheduledReplyId: reply.id } };
  const stopping = useMutation({
    mutationFn: () =>
      ok(
        api.DELETE("/api/conversations/{conversationId}/scheduled-replies/{scheduledReplyId}", {
          params,
        }),
      ),
    onSuccess() {
      showDone(words.cancelledScheduled);
      return queries.invalidateQueries({ queryKey: conversationQuery(conversationId).queryKey });
    },
  });
  return (
    <div className={styles.waiting}>
      <div className={styles.ghost}>{reply.content}</div>
      <p className={styles.when}>
        <Icon name="clock" size="s" />
        {words.scheduled(format.moment(reply.sendAt))}
        <Button
          kind="quiet"
          size="s"
          isPending={stopping.isPending}
          onPress={() => stopping.mutate()}
        >
          {words.cancelScheduled}
        </Button>
      </p>
    </div>
  );
}

/** The way back to the end, with how much came while one read above. */
function Latest(props: { items: ThreadItem[]; isAtEnd: boolean; onJump: () => void }) {
  const words = useWords().thread;
  const [seen, setSeen] = useState(props.items.length);
  const lastKey = props.items.at(-1)?.key;
  const [seenKey, setSeenKey] = useState(lastKey);
  if (props.isAtEnd && (seen !== props.items.length || seenKey !== lastKey)) {
    setSeen(props.items.length);
    setSeenKey(lastKey);
  }
  if (props.isAtEnd) return null;
  const at = props.items.findIndex(({ key }) => key === seenKey);
  const came = at < 0 ? 0 : props.items.length - 1 - at;
  return (
    <div className={styles.latest}>
      <Button size="s" icon="chevronDown" onPress={props.onJump}>
        {came === 0 ? words.latest : words.latestNew(came)}
      </Button>
    </div>
  );
}
