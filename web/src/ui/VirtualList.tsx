import { useVirtualizer, type Virtualizer } from "@tanstack/react-virtual";
import { type ReactNode, useEffect, useEffectEvent, useRef } from "react";
import { Spinner } from "./Spinner.tsx";
import styles from "./VirtualList.module.css";

const NEAR = 10; // so many rows before the end of what is there, more is asked for

type Shown = { virtual: Virtualizer<HTMLDivElement, Element>; before: number } | undefined;

/**
 * "end" holds what one reads where it is when rows above it come or go. At the top of the list what
 * comes is to be seen; and the row that one reads is no hold when it moves to another place itself.
 */
function anchorOf<Item>(
  shown: Shown,
  items: Item[],
  keyOf: (item: Item) => string,
): "start" | "end" {
  const offset = shown?.virtual.scrollOffset ?? 0;
  if (shown === undefined || (offset <= 0 && shown.before === 0)) return "start";
  const row = shown.virtual.getVirtualItemForOffset(offset);
  const next = row && shown.virtual.getVirtualItemForOffset(row.end + 1);
  if (row === undefined || next === undefined) return "start";
  const behind = items[items.findIndex((item) => keyOf(item) === row.key) + 1];
  return behind !== undefined && keyOf(behind) === next.key ? "end" : "start";
}

/**
 * A list of any length: only what is seen stands in the page, and the next page of data is asked
 * for before its end is reached. It scrolls itself, so give it a height.
 */
export function VirtualList<Item>(props: {
  label: string;
  items: Item[];
  keyOf: (item: Item) => string;
  render: (item: Item, index: number) => ReactNode;
  /** Height of a row in pixels, about; the true one is measured. */
  estimate: number;
  hasMore?: boolean;
  isFetchingMore?: boolean;
  onMore?: () => void;
  /** About how many rows were dropped above the first, and the way to them. */
  before?: number;
  isFetchingBefore?: boolean;
  onBefore?: () => void;
  /** The row to bring into view when it changes. */
  shown?: string | undefined;
  /** Stands above the rows and scrolls with them. */
  head?: ReactNode;
}) {
  const { items, keyOf, hasMore = false, isFetchingMore = false, onMore, shown } = props;
  const { before = 0, isFetchingBefore = false, onBefore } = props;
  const frame = useRef<HTMLDivElement>(null);
  const shownBefore = useRef<Shown>(undefined);
  const virtual = useVirtualizer({
    anchorTo: anchorOf(shownBefore.current, items, keyOf),
    count: items.length,
    getScrollElement: () => frame.current,
    estimateSize: () => props.estimate,
    getItemKey: (index) => {
      const item = items[index];
      return item === undefined ? index : keyOf(item);
    },
    overscan: 8,
  });
  useEffect(() => {
    shownBefore.current = { virtual, before };
  }, [virtual, before]);
  const rows = virtual.getVirtualItems();
  const firstRow = rows[0]?.index ?? 0;
  const lastRow = rows.at(-1)?.index ?? 0;

  useEffect(() => {
    if (hasMore && !isFetchingMore && lastRow >= items.length - NEAR) onMore?.();
  }, [hasMore, isFetchingMore, lastRow, items.length, onMore]);

  useEffect(() => {
    if (before > 0 && !isFetchingBefore && firstRow < NEAR) onBefore?.();
  }, [before, isFetchingBefore, firstRow, onBefore]);

  // Only a new choice moves the list; what arrives meanwhile does not.
  const reveal = useEffectEvent((id: string | undefined) => {
    const index = items.findIndex((item) => keyOf(item) === id);
    if (index >= 0) virtual.scrollToIndex(index, { align: "auto" });
  });
  useEffect(() => reveal(shown), [shown]);

  return (
    <div ref={frame} className={styles.frame}>
      {props.head}
      <ul
        className={styles.list}
        aria-label={props.label}
        style={{ height: virtual.getTotalSize() }}
      >
        {rows.map((row) => {
          const item = items[row.index];
          if (item === undefined) return null;
          return (
            <li
              key={row.key}
              ref={virtual.measureElement}
              data-index={row.index}
              aria-setsize={hasMore ? -1 : before + items.length}
              aria-posinset={before + row.index + 1}
              className={styles.row}
              style={{ transform: `translateY(${row.start}px)` }}
            >
              {props.render(item, row.index)}
            </li>
          );
        })}
      </ul>
      {isFetchingMore && (
        <div className={styles.more}>
          <Spinner />
        </div>
      )}
    </div>
  );
}
