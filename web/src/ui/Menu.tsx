import type { ReactNode } from "react";
import {
  Menu as AriaMenu,
  MenuItem as AriaMenuItem,
  MenuSection as AriaMenuSection,
  Header,
  type MenuItemProps,
  MenuTrigger,
  Popover,
  type PopoverProps,
  Separator,
} from "react-aria-components";
import { Icon, type IconName } from "./Icon.tsx";
import styles from "./menus.module.css";

/** `trigger` is a Button or an IconButton; the children are MenuItems, sections, separators. */
export function Menu(props: {
  trigger: ReactNode;
  label: string;
  children: ReactNode;
  placement?: PopoverProps["placement"];
}) {
  return (
    <MenuTrigger>
      {props.trigger}
      <Popover className={styles.popover} placement={props.placement ?? "bottom end"}>
        <AriaMenu className={styles.list} aria-label={props.label}>
          {props.children}
        </AriaMenu>
      </Popover>
    </MenuTrigger>
  );
}

type ItemProps = Omit<MenuItemProps, "className" | "style" | "children"> & {
  children: string;
  icon?: IconName;
  isDanger?: boolean;
  /** The key that does the same, as it is printed: "E". */
  shortcut?: string;
};

export function MenuItem({ children, icon, isDanger, shortcut, ...rest }: ItemProps) {
  return (
    <AriaMenuItem
      {...rest}
      textValue={children}
      className={styles.item}
      data-kind={isDanger === true ? "danger" : undefined}
    >
      {icon && <Icon name={icon} />}
      <span className={styles.name}>{children}</span>
      {shortcut !== undefined && <kbd className={styles.shortcut}>{shortcut}</kbd>}
    </AriaMenuItem>
  );
}

export function MenuSection(props: {
  title: string;
  children: ReactNode;
  selected?: string;
  onSelect?: (id: string) => void;
}) {
  const selection =
    props.selected === undefined
      ? {}
      : { selectionMode: "single" as const, selectedKeys: [props.selected] };
  return (
    <AriaMenuSection
      {...selection}
      disallowEmptySelection
      onSelectionChange={(keys) => {
        if (keys === "all") return;
        for (const key of keys) props.onSelect?.(String(key));
      }}
    >
      <Header className={styles.heading}>{props.title}</Header>
      {props.children}
    </AriaMenuSection>
  );
}

export function MenuSeparator() {
  return <Separator className={styles.separator} />;
}
