import { type ReactNode, useEffect, useRef } from "react";
import { Icon } from "./Icon.tsx";
import styles from "./Toggles.module.css";

/** A checkbox outside of forms, for rows and lists: the browser's own, and so a tenth the size. */
export function Check(props: {
  isSelected: boolean;
  isIndeterminate?: boolean;
  isDisabled?: boolean;
  onChange: (isSelected: boolean) => void;
  children: ReactNode;
}) {
  const { isIndeterminate = false, isDisabled = false } = props;
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (field.current) field.current.indeterminate = isIndeterminate;
  }, [isIndeterminate]);
  return (
    <label
      className={styles.toggle}
      data-selected={props.isSelected || undefined}
      data-indeterminate={isIndeterminate || undefined}
      data-disabled={isDisabled || undefined}
    >
      <input
        ref={field}
        type="checkbox"
        className="visually-hidden"
        checked={props.isSelected}
        disabled={isDisabled}
        onChange={(event) => props.onChange(event.target.checked)}
      />
      <span className={styles.box}>
        {isIndeterminate ? <span className={styles.dash} /> : <Icon name="check" size="s" />}
      </span>
      <span>{props.children}</span>
    </label>
  );
}
