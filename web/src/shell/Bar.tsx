import { Link, useNavigate } from "@tanstack/react-router";
import { Button } from "react-aria-components";
import { Icon } from "../ui/Icon.tsx";
import { Menu, MenuItem } from "../ui/Menu.tsx";
import { useWords } from "../words/words.tsx";
import { AccountItems } from "./AccountMenu.tsx";
import styles from "./Bar.module.css";
import { Unread, UnreadNotifications, useEntries } from "./Rail.tsx";

/** The navigation of a phone: four pages within a thumb's reach, the rest behind "More". */
export function Bar() {
  const words = useWords();
  const navigate = useNavigate();
  const entries = useEntries();
  const pages = words.navigation.pages;
  return (
    <nav className={styles.bar} aria-label={words.navigation.label}>
      {entries
        .filter((entry) => entry.isInBar)
        .slice(0, 4)
        .map((entry) => (
          <Link key={entry.id} to={entry.to} className={styles.link}>
            <Icon name={entry.icon} />
            <span>{pages[entry.id]}</span>
            {entry.id === "inbox" && (
              <span className={styles.count}>
                <Unread />
              </span>
            )}
          </Link>
        ))}
      <Menu
        label={words.navigation.more}
        placement="top end"
        trigger={
          <Button className={styles.link}>
            <Icon name="menu" />
            <span>{words.common.more}</span>
            <span className={styles.count}>
              <UnreadNotifications />
            </span>
          </Button>
        }
      >
        {entries
          .filter((entry) => !entry.isInBar)
          .map((entry) => (
            <MenuItem
              key={entry.id}
              id={entry.id}
              icon={entry.icon}
              onAction={() => navigate({ to: entry.to })}
            >
              {pages[entry.id]}
            </MenuItem>
          ))}
        <AccountItems />
      </Menu>
    </nav>
  );
}
