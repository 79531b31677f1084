import type { ReactNode } from "react";
import { useWords } from "../words/words.tsx";
import { Check } from "./Check.tsx";
import { Icon } from "./Icon.tsx";
import styles from "./Table.module.css";

export interface Column<Row> {
  id: string;
  header: string;
  cell: (row: Row) => ReactNode;
  /** Figures stand at the end of their column. */
  isNumber?: boolean;
  /** Buttons, which need no name above them. */
  isActions?: boolean;
  /** Left out where it is narrow. */
  isMinor?: boolean;
  sort?: "ascending" | "descending" | "none";
}

export interface Selection {
  ids: ReadonlySet<string>;
  onChange: (ids: ReadonlySet<string>) => void;
  /** The name of the checkbox of a row. */
  label: (id: string) => string;
}

/** Rows of a page of a list. The first column names the row; put its link there. */
export function Table<Row>(props: {
  label: string;
  columns: Column<Row>[];
  rows: Row[];
  keyOf: (row: Row) => string;
  selection?: Selection;
  onSort?: (columnId: string) => void;
}) {
  const [first, ...others] = props.columns;
  return (
    <div className={styles.frame}>
      <table className={styles.table} aria-label={props.label}>
        <Head {...props} />
        <tbody>
          {props.rows.map((row) => {
            const id = props.keyOf(row);
            const isSelected = props.selection?.ids.has(id) === true;
            return (
              <tr key={id} className={styles.row} data-selected={isSelected}>
                {props.selection && (
                  <td className={styles.check}>
                    <RowCheck id={id} selection={props.selection} />
                  </td>
                )}
                {first && (
                  <th scope="row" className={styles.name}>
                    {first.cell(row)}
                  </th>
                )}
                {others.map((column) => (
                  <td
                    key={column.id}
                    className={styles.cell}
                    data-number={column.isNumber === true}
                    data-minor={column.isMinor === true}
                    data-actions={column.isActions === true}
                    data-label={column.isActions === true ? undefined : column.header}
                  >
                    {column.cell(row)}
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function Head<Row>(props: {
  columns: Column<Row>[];
  rows: Row[];
  keyOf: (row: Row) => string;
  selection?: Selection;
  onSort?: (columnId: string) => void;
}) {
  const { selection } = props;
  return (
    <thead className={styles.head}>
      <tr>
        {selection && (
          <td className={styles.check}>
            <HeadCheck ids={props.rows.map(props.keyOf)} selection={selection} />
          </td>
        )}
        {props.columns.map(({ id, header, sort, isNumber, isMinor, isActions }) => (
          <th
            key={id}
            scope="col"
            className={styles.header}
            data-number={isNumber === true}
            data-minor={isMinor === true}
            aria-sort={sort}
          >
            {sort === undefined ? (
              <span className={isActions === true ? "visually-hidden" : undefined}>{header}</span>
            ) : (
              <button type="button" className={styles.sort} onClick={() => props.onSort?.(id)}>
                {header}
                <Icon name="chevronDown" size="s" />
              </button>
            )}
          </th>
        ))}
      </tr>
    </thead>
  );
}

function RowCheck({ id, selection }: { id: string; selection: Selection }) {
  const toggle = (isSelected: boolean) => {
    const ids = new Set(selection.ids);
    if (isSelected) ids.add(id);
    else ids.delete(id);
    selection.onChange(ids);
  };
  return (
    <Check isSelected={selection.ids.has(id)} onChange={toggle}>
      <span className="visually-hidden">{selection.label(id)}</span>
    </Check>
  );
}

function HeadCheck({ ids, selection }: { ids: string[]; selection: Selection }) {
  const words = useWords().common;
  const chosen = ids.filter((id) => selection.ids.has(id)).length;
  return (
    <Check
      isSelected={chosen > 0 && chosen === ids.length}
      isIndeterminate={chosen > 0 && chosen < ids.length}
      onChange={(isSelected) => selection.onChange(new Set(isSelected ? ids : []))}
    >
      <span className="visually-hidden">{words.selectAll}</span>
    </Check>
  );
}
