import { type ReactNode, useEffect } from "react";
import { useWords } from "../words/words.tsx";
import { Icon } from "./Icon.tsx";
import styles from "./Page.module.css";
import { titlePage } from "./title.ts";

/** The frame of a screen: title, what can be done here, and the content. */
export function Page(props: {
  title: string;
  lead?: ReactNode;
  /** Where it belongs: a link to the list, called as the list is; the arrow is ours. */
  back?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
  /** `narrow` for forms, `full` where the page lays out its own panes. */
  width?: "narrow" | "wide";
}) {
  useTitle(props.title);
  return (
    <div className={styles.page} data-width={props.width ?? "wide"}>
      <header className={styles.head}>
        <div className={styles.words}>
          {props.back !== undefined && (
            <div className={styles.back}>
              <Icon name="arrowLeft" size="s" />
              {props.back}
            </div>
          )}
          <h1>{props.title}</h1>
          {props.lead !== undefined && <p className={styles.lead}>{props.lead}</p>}
        </div>
        {props.actions !== undefined && <div className={styles.actions}>{props.actions}</div>}
      </header>
      {props.children}
    </div>
  );
}

/** A group of things on a page, on a ground of its own. */
export function Section(props: {
  title?: string;
  note?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}) {
  return (
    <section className={styles.section}>
      {props.title !== undefined && (
        <header className={styles.sectionHead}>
          <div>
            <h2>{props.title}</h2>
            {props.note !== undefined && <p className={styles.note}>{props.note}</p>}
          </div>
          {props.actions}
        </header>
      )}
      {props.children}
    </section>
  );
}

/** What the browser's tab says. */
export function useTitle(title: string): void {
  const { product } = useWords().common;
  useEffect(() => {
    titlePage(`${title} · ${product}`);
  }, [title, product]);
}
