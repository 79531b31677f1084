import type { Member } from "@koinonia/client";
import { Link } from "@tanstack/react-router";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { useChurchFormat } from "../api/churchFormat.ts";
import { Avatar } from "../ui/Avatar.tsx";
import { Badge } from "../ui/Badge.tsx";
import { Checkbox } from "../ui/Toggles.tsx";
import { phoneText } from "../words/phone.ts";
import { useWords } from "../words/words.tsx";
import { ConsentBadge } from "./ConsentBadge.tsx";
import { fullName } from "./names.ts";
import styles from "./PeopleTable.module.css";
import type { Rows } from "./queries.ts";

/** In pixels; every row is as high, so that dropped pages leave exactly their place. */
const ROW = 60;
const NEAR = 10;

interface Props {
  found: Rows;
  total: number | null;
  hasNext: boolean;
  isFetching: boolean;
  onNext: () => void;
  onPrevious: () => void;
  selected: ReadonlySet<string> | undefined;
  onSelect: (member: Member, isSelected: boolean) => void;
}

/** People as rows; only those in sight are in the page, however many there are. */
export function PeopleTable(props: Props) {
  const words = useWords().people;
  const { found, total, hasNext, isFetching, onNext, onPrevious } = props;
  const frame = useRef<HTMLTableElement>(null);
  const margin = useMargin(frame);
  const end = found.before + found.rows.length;
  const virtual = useVirtualizer({
    count: hasNext ? end + 1 : end,
    getScrollElement: () => document.getElementById("content"),
    estimateSize: () => ROW,
    overscan: NEAR,
    scrollMargin: margin,
  });
  const items = virtual.getVirtualItems();
  const firstShown = items[0]?.index ?? 0;
  const lastShown = items.at(-1)?.index ?? 0;

  useEffect(() => {
    if (isFetching) return;
    if (hasNext && lastShown >= end - NEAR) onNext();
    else if (firstShown < found.before) onPrevious();
  }, [isFetching, hasNext, lastShown, end, firstShown, found.before, onNext, onPrevious]);

  return (
    <table
      ref={frame}
      aria-label={words.title}
      aria-rowcount={total ?? -1}
      className={styles.table}
      data-selectable={props.selected !== undefined}
    >
      <Head isSelectable={props.selected !== undefined} />
      <tbody className={styles.rows} style={{ height: virtual.getTotalSize() }}>
        {items.map(({ index, start }) => {
          const member = found.rows[index - found.before];
          const place = { transform: `translateY(${start - margin}px)`, blockSize: ROW };
          if (member === undefined) {
            return (
              <tr key={index} className={styles.row} style={place} aria-busy="true">
                <td className={styles.waiting} />
              </tr>
            );
          }
          return (
            <tr
              key={member.id}
              aria-rowindex={index + 2}
              className={styles.row}
              data-selected={props.selected?.has(member.id) === true}
              style={place}
            >
              <Cells {...props} member={member} />
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function Head({ isSelectable }: { isSelectable: boolean }) {
  const words = useWords().people;
  return (
    <thead className={styles.head}>
      <tr aria-rowindex={1} className={styles.headRow}>
        {isSelectable && (
          <th scope="col">
            <span className="visually-hidden">{words.select}</span>
          </th>
        )}
        <th scope="col">{words.name}</th>
        <th scope="col">{words.phone}</th>
        <th scope="col" className={styles.wide}>
          {words.groups}
        </th>
        <th scope="col">{words.consent}</th>
        <th scope="col" className={styles.wide}>
          {words.heard}
        </th>
      </tr>
    </thead>
  );
}

function Cells(props: Props & { member: Member }) {
  const words = useWords().people;
  const format = useChurchFormat();
  const { member, selected } = props;
  const name = fullName(member);
  return (
    <>
      {selected !== undefined && (
        <td className={styles.check}>
          <Checkbox
            aria-label={words.selectPerson(name)}
            isSelected={selected.has(member.id)}
            onChange={(isSelected) => props.onSelect(member, isSelected)}
          >
            {null}
          </Checkbox>
        </td>
      )}
      <td className={styles.name}>
        <Avatar name={name} size="s" />
        <Link to="/people/$memberId" params={{ memberId: member.id }} className={styles.link}>
          {name}
        </Link>
      </td>
      <td className={styles.phone}>{phoneText(member.phone)}</td>
      <td className={`${styles.wide} ${styles.groups}`}>
        {member.groups.slice(0, 2).map((group) => (
          <Badge key={group.id}>{group.name}</Badge>
        ))}
        {member.groups.length > 2 && <Badge>+{member.groups.length - 2}</Badge>}
      </td>
      <td className={styles.consent}>
        <ConsentBadge state={member.consent} isAsking={member.stopQuestion !== null} />
      </td>
      <td className={`${styles.wide} ${styles.heard}`}>
        {member.lastHeardFrom === null ? "–" : format.short(member.lastHeardFrom)}
      </td>
    </>
  );
}

/** How far below the top of what scrolls the table begins. */
function useMargin(frame: React.RefObject<HTMLTableElement | null>): number {
  const [margin, setMargin] = useState(0);
  useLayoutEffect(() => {
    const content = document.getElementById("content");
    const rows = frame.current?.lastElementChild;
    if (content === null || !(rows instanceof HTMLElement)) return undefined;
    const measure = () =>
      setMargin(
        rows.getBoundingClientRect().top - content.getBoundingClientRect().top + content.scrollTop,
      );
    measure();
    const watch = new ResizeObserver(measure);
    if (frame.current?.parentElement) watch.observe(frame.current.parentElement);
    watch.observe(content);
    return () => watch.disconnect();
  }, [frame]);
  return margin;
}
