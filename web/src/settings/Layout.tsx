import { Link, Outlet, useLocation } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { useMe } from "../api/queries.ts";
import { Page } from "../ui/Page.tsx";
import { useWords } from "../words/words.tsx";
import styles from "./Layout.module.css";
import { SECTIONS } from "./sections.ts";

/** The pages of the settings beside their list, which is a line of its own on a phone. */
export function SettingsLayout() {
  const words = useWords().settings;
  const { permissions } = useMe();
  const list = useRef<HTMLUListElement>(null);
  const { pathname } = useLocation();
  // biome-ignore lint/correctness/useExhaustiveDependencies: another page, another place
  useEffect(() => {
    list.current
      ?.querySelector('[aria-current="page"]')
      ?.scrollIntoView({ block: "nearest", inline: "center" });
  }, [pathname]);
  const sections = SECTIONS.filter(
    ({ permission }) => !permission || permissions.includes(permission),
  );
  return (
    <Page title={words.title}>
      <div className={styles.columns}>
        <nav aria-label={words.title}>
          <ul ref={list} className={styles.list}>
            {sections.map(({ id, to }) => (
              <li key={id}>
                <Link to={to} activeOptions={{ exact: true }} className={styles.link}>
                  {words.sections[id]}
                </Link>
              </li>
            ))}
          </ul>
        </nav>
        <div className={styles.content}>
          <Outlet />
        </div>
      </div>
    </Page>
  );
}
