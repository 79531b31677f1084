import { useWords } from "../words/words.tsx";
import { Button } from "./Button.tsx";
import styles from "./Pagination.module.css";

/**
 * Forwards by the cursor of the answer, backwards by the browser's own way. Keep the cursor in the
 * address: `onNext` navigates to it, `onFirst` drops it.
 */
export function Pagination(props: {
  nextCursor: string | null;
  isFirst: boolean;
  onNext: (cursor: string) => void;
  onFirst: () => void;
}) {
  const words = useWords().common;
  const { nextCursor } = props;
  if (nextCursor === null && props.isFirst) return null;
  return (
    <nav className={styles.pagination} aria-label={words.pages}>
      <Button isDisabled={props.isFirst} icon="chevronLeft" onPress={props.onFirst}>
        {words.firstPage}
      </Button>
      <Button
        isDisabled={nextCursor === null}
        onPress={() => nextCursor !== null && props.onNext(nextCursor)}
      >
        {words.nextPage}
      </Button>
    </nav>
  );
}
