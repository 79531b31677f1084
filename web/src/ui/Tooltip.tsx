import type { ReactNode } from "react";
import { Tooltip as AriaTooltip, TooltipTrigger } from "react-aria-components";
import styles from "./Tooltip.module.css";

/** More about a button, on hover and on focus. Never the only place of what one must know. */
export function Tooltip(props: { text: string; children: ReactNode }) {
  return (
    <TooltipTrigger delay={500}>
      {props.children}
      <AriaTooltip className={styles.tooltip} offset={6}>
        {props.text}
      </AriaTooltip>
    </TooltipTrigger>
  );
}
