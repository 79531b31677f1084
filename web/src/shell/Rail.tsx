import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useMe } from "../api/queries.ts";
import { countsQuery } from "../inbox/queries.ts";
import { unreadQuery } from "../notifications/unread.ts";
import { Count } from "../ui/Badge.tsx";
import { Icon } from "../ui/Icon.tsx";
import { useWords } from "../words/words.tsx";
import { AccountMenu } from "./AccountMenu.tsx";
import { ENTRIES, type Entry, SECTIONS } from "./navigation.ts";
import styles from "./Rail.module.css";

/** The navigation of a desk: words beside pictures, and pictures alone where it is narrow. */
export function Rail() {
  const words = useWords().navigation;
  const { church } = useMe();
  const entries = useEntries();
  return (
    <nav className={styles.rail} aria-label={words.label}>
      <p className={styles.church} title={church.name}>
        <img src="/icon.svg" alt="" width="28" height="28" />
        <span className={styles.name}>{church.name}</span>
      </p>
      <div className={styles.sections}>
        {SECTIONS.map((section) => {
          const within = entries.filter((entry) => entry.section === section);
          if (within.length === 0) return null;
          return (
            <ul key={section} className={styles.section} aria-label={words.sections[section]}>
              {within.map((entry) => (
                <li key={entry.id}>
                  <Link to={entry.to} className={styles.link} title={words.pages[entry.id]}>
                    <Icon name={entry.icon} />
                    <span className={styles.name}>{words.pages[entry.id]}</span>
                    {entry.id === "inbox" && <Unread />}
                    {entry.id === "notifications" && <UnreadNotifications />}
                  </Link>
                </li>
              ))}
            </ul>
          );
        })}
      </div>
      <AccountMenu />
    </nav>
  );
}

/** How many conversations wait for one's eyes. */
export function Unread() {
  const words = useWords().navigation;
  const { data } = useQuery(countsQuery);
  const unread = data?.unreadForMe.total ?? 0;
  return <Count value={unread} label={words.unread(unread)} />;
}

/** How many notifications nobody read. */
export function UnreadNotifications() {
  const words = useWords().navigation;
  const { data } = useQuery(unreadQuery);
  const unread = data?.unread ?? 0;
  return <Count value={unread} label={words.unreadNotifications(unread)} />;
}

/** What who is signed in may open. */
export function useEntries(): Entry[] {
  const { permissions } = useMe();
  return ENTRIES.filter(({ permission }) => !permission || permissions.includes(permission));
}
