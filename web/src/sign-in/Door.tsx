import type { ReactNode } from "react";
import { useTitle } from "../ui/Page.tsx";
import { LANGUAGES, useLanguage, useWords } from "../words/words.tsx";
import styles from "./Door.module.css";

/** The frame of the pages for who is not signed in. */
export function Door(props: {
  title: string;
  lead: string;
  children: ReactNode;
  foot?: ReactNode;
}) {
  const words = useWords();
  const { language, setLanguage } = useLanguage();
  const other = language === "en" ? "es" : "en";
  useTitle(props.title);
  return (
    <main className={styles.door}>
      <div className={styles.column}>
        <p className={styles.brand}>
          <img src="/icon.svg" alt="" width="36" height="36" />
          {words.common.product}
        </p>
        <div className={styles.card}>
          <header>
            <h1>{props.title}</h1>
            <p className={styles.lead}>{props.lead}</p>
          </header>
          {props.children}
        </div>
        <footer className={styles.foot}>
          {props.foot}
          <button
            type="button"
            className={styles.language}
            lang={other}
            onClick={() => void setLanguage(other)}
          >
            {LANGUAGES[other]}
          </button>
        </footer>
      </div>
    </main>
  );
}
