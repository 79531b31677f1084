import { useConnection } from "../live/connection.ts";
import { Icon } from "../ui/Icon.tsx";
import { Spinner } from "../ui/Spinner.tsx";
import { ownZone, useFormat } from "../words/format.ts";
import { useWords } from "../words/words.tsx";
import styles from "./ConnectionBar.module.css";

/** Says when what is shown is not of this moment. */
export function ConnectionBar() {
  const words = useWords().navigation;
  const format = useFormat(ownZone());
  const connection = useConnection();
  return (
    <div role="status" className={styles.place}>
      {connection.kind !== "live" && (
        <p className={styles.bar} data-kind={connection.kind}>
          {connection.kind === "lost" ? <Icon name="wifiOff" size="s" /> : <Spinner />}
          {connection.kind === "lost" && words.lost(format.time(connection.at))}
          {connection.kind === "late" && words.late}
          {connection.kind === "catching" && words.catchingUp}
        </p>
      )}
    </div>
  );
}
