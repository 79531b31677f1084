import type { ReactNode } from "react";
import {
  Checkbox as AriaCheckbox,
  Switch as AriaSwitch,
  type CheckboxProps,
  type SwitchProps,
} from "react-aria-components";
import { Icon } from "./Icon.tsx";
import styles from "./Toggles.module.css";

type Words = { children: ReactNode; hint?: ReactNode };

/** Something that counts when the form is sent. */
export function Checkbox(props: Omit<CheckboxProps, "className" | "style" | "children"> & Words) {
  const { children, hint, ...rest } = props;
  return (
    <AriaCheckbox {...rest} className={styles.toggle}>
      {({ isIndeterminate }) => (
        <>
          <span className={styles.box}>
            {isIndeterminate ? <span className={styles.dash} /> : <Icon name="check" size="s" />}
          </span>
          <ToggleWords hint={hint}>{children}</ToggleWords>
        </>
      )}
    </AriaCheckbox>
  );
}

/** Something that counts at once. */
export function Switch(props: Omit<SwitchProps, "className" | "style" | "children"> & Words) {
  const { children, hint, ...rest } = props;
  return (
    <AriaSwitch {...rest} className={styles.toggle}>
      <span className={styles.track}>
        <span className={styles.knob} />
      </span>
      <ToggleWords hint={hint}>{children}</ToggleWords>
    </AriaSwitch>
  );
}

function ToggleWords({ children, hint }: Words) {
  return (
    <span>
      {children}
      {hint !== undefined && <span className={styles.hint}>{hint}</span>}
    </span>
  );
}
