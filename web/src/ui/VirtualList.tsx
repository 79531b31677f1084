import { useVirtualizer } from "@tanstack/react-virtual";
import { type ReactNode, useEffect, useEffectEvent, useRef } from "react";
import { Spinner } from "./Spinner.tsx";
import styles from "./VirtualList.module.css";

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
  /** The row to bring into view when it changes. */
  shown?: string | undefined;
  /** Stands above the rows and scrolls with them. */
  head?: ReactNode;
}) {
  const { items, keyOf, hasMore = false, isFetchingMore = false, onMore, shown } = props;
  const frame = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => frame.current,
    estimateSize: () => props.estimate,
    getItemKey: (index) => {
      const item = items[index];
      return item === undefined ? index : keyOf(item);
    },
    overscan: 8,
  });
  const rows = virtual.getVirtualItems();
  const lastRow = rows.at(-1)?.index ?? 0;

  useEffect(() => {
    if (hasMore && !isFetchingMore && lastRow >= items.length - 10) onMore?.();
  }, [hasMore, isFetchingMore, lastRow, items.length, onMore]);

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
              aria-setsize={hasMore ? -1 : items.length}
              aria-posinset={row.index + 1}
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
