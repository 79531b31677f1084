import { useQuery } from "@tanstack/react-query";
import { segmentsOfQuery } from "../send/queries.ts";
import { useSettled } from "../send/useSettled.ts";
import { Button } from "../ui/Button.tsx";
import { useWords } from "../words/words.tsx";
import { hasFields, withFallbacks } from "./mergeFields.ts";
import styles from "./PartsLine.module.css";
import { costlyLetters, MAX_PARTS, measure } from "./segments.ts";

const ASKED_AFTER_MS = 150;
const MOST_LETTERS_NAMED = 6;

/** How long the text is while it is written, which letters make it dear, and the cheaper form. */
export function PartsLine(props: {
  text: string;
  onChange: (text: string) => void;
  /** It goes as it is written: what looks like a merge field is none. */
  isVerbatim?: boolean;
}) {
  const words = useWords().compose;
  const { text } = props;
  const isMerged = props.isVerbatim !== true && hasFields(text);
  const measured = measure(isMerged ? withFallbacks(text) : text);
  const costly = costlyLetters(text);
  const asked = useSettled(text, ASKED_AFTER_MS);
  const { data } = useQuery(segmentsOfQuery(costly.length > 0 ? asked : ""));
  const cheaper = asked === text ? data?.cheaper : undefined;
  const isTooLong = measured.parts > MAX_PARTS;
  return (
    <div className={styles.line}>
      <p className={styles.count} data-bad={isTooLong}>
        <span className={styles.parts}>{words.parts(measured.parts, isMerged)}</span>
        <span>{words.left(measured.left)}</span>
        {isTooLong && <span>{words.tooLong(MAX_PARTS)}</span>}
      </p>
      {isMerged && <p className={styles.note}>{words.fieldsGrow}</p>}
      {costly.length > 0 && (
        <div className={styles.costly}>
          <p>{words.costly(costly.slice(0, MOST_LETTERS_NAMED), costly.length)}</p>
          {cheaper && (
            <Button size="s" onPress={() => props.onChange(cheaper.content)}>
              {words.cheaperForm(cheaper.parts)}
            </Button>
          )}
        </div>
      )}
    </div>
  );
}
