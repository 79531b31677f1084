import { createLink } from "@tanstack/react-router";
import type { AnchorHTMLAttributes, ReactNode, Ref } from "react";
import { Button as AriaButton, type ButtonProps } from "react-aria-components";
import styles from "./Button.module.css";
import { Icon, type IconName } from "./Icon.tsx";
import { Spinner } from "./Spinner.tsx";

type Kind = "primary" | "secondary" | "quiet" | "danger";

type Plain = Omit<ButtonProps, "className" | "style" | "children">;

interface Look {
  kind?: Kind;
  size?: "s" | "m";
  icon?: IconName;
}

/**
 * `isPending` keeps the focus and the width, shows that it works, and takes no second click. It is
 * ours and not React Aria's, which announces by an image that is named after the button and
 * outlives it.
 */
export function Button({ isPending = false, ...props }: Plain & Look & { children: ReactNode }) {
  const { kind = "secondary", size = "m", icon, children, ...rest } = props;
  const { onPress, type, ...still } = rest;
  const live = { ...(onPress ? { onPress } : {}), ...(type ? { type } : {}) };
  return (
    <AriaButton
      {...still}
      {...(isPending ? {} : live)}
      // Leaving the field takes its complaint away, and the button moves from under the pointer.
      preventFocusOnPress={type === "submit"}
      className={styles.button}
      data-kind={kind}
      data-size={size}
      data-busy={isPending}
    >
      {isPending ? <Spinner /> : icon && <Icon name={icon} />}
      {children}
    </AriaButton>
  );
}

/** A button that is only a picture; `label` is its name. */
export function IconButton(
  props: Omit<ButtonProps, "className" | "style" | "children"> & {
    icon: IconName;
    label: string;
    size?: "s" | "m";
  },
) {
  const { icon, label, size = "m", ...rest } = props;
  return (
    <AriaButton {...rest} aria-label={label} className={styles.icon} data-size={size}>
      <Icon name={icon} />
    </AriaButton>
  );
}

type AnchorProps = AnchorHTMLAttributes<HTMLAnchorElement> &
  Look & { ref?: Ref<HTMLAnchorElement> };

function Anchor({ kind = "secondary", size = "m", icon, children, ...rest }: AnchorProps) {
  return (
    <a {...rest} className={styles.button} data-kind={kind} data-size={size}>
      {icon && <Icon name={icon} />}
      {children}
    </a>
  );
}

/** Looks like a button and goes to a page: `<ButtonLink to="/people/$id" params={…}>`. */
export const ButtonLink = createLink(Anchor);
