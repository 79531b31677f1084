import { Outlet } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { useMay } from "../api/queries.ts";
import { useSessionEnded } from "../api/session.ts";
import { Keys } from "../keys/Keys.tsx";
import { useLive } from "../live/useLive.ts";
import { Skeleton } from "../ui/Spinner.tsx";
import { useWords, withWords } from "../words/words.tsx";
import { Bar } from "./Bar.tsx";
import { ConnectionBar } from "./ConnectionBar.tsx";
import { Notices } from "./Notices.tsx";
import { Rail } from "./Rail.tsx";
import styles from "./Shell.module.css";

const SignInAgain = lazy(withWords(() => import("../sign-in/SignInAgain.tsx")));

/** What surrounds every page of who is signed in. */
export function Shell() {
  const words = useWords().common;
  const mayRead = useMay("conversations.read");
  useLive();
  const isEnded = useSessionEnded();
  return (
    <div className={styles.shell}>
      <a className={styles.skip} href="#content">
        {words.skipToContent}
      </a>
      <Rail />
      <div className={styles.column}>
        <ConnectionBar />
        <main id="content" className={styles.content} tabIndex={-1}>
          <Suspense fallback={<Skeleton lines={6} />}>
            <Outlet />
          </Suspense>
        </main>
      </div>
      <Bar />
      <Keys />
      {mayRead && <Notices />}
      <Suspense fallback={null}>{isEnded && <SignInAgain />}</Suspense>
    </div>
  );
}
