import { useWords } from "../words/words.tsx";
import styles from "./Reply.module.css";
import type { useMentions } from "./useMentions.ts";

/** The colleagues that an @ may name. */
export function MentionList({ mentions }: { mentions: ReturnType<typeof useMentions> }) {
  const words = useWords().reply;
  const { options } = mentions;
  return (
    <>
      <span className="visually-hidden" role="status">
        {options.length > 0 && words.colleagues(options.length)}
      </span>
      {options.length > 0 && (
        <div
          id={mentions.listId}
          role="listbox"
          aria-label={words.mention}
          className={styles.canned}
        >
          {options.map((named, index) => (
            <div
              key={named.id}
              id={`${mentions.listId}-${index}`}
              role="option"
              tabIndex={-1}
              aria-selected={index === mentions.active}
              className={styles.named}
              onPointerDown={(event) => {
                event.preventDefault(); // the words keep the focus
                mentions.choose(named);
              }}
            >
              {named.name}
            </div>
          ))}
        </div>
      )}
    </>
  );
}
