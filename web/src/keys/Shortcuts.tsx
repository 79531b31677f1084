import { Dialog } from "../ui/Dialog.tsx";
import { Switch } from "../ui/Toggles.tsx";
import { useWords } from "../words/words.tsx";
import { setKeysOn, useKeysOn } from "./keys.ts";
import styles from "./Shortcuts.module.css";

const MOD = /Mac|iPhone|iPad/.test(navigator.userAgent) ? "⌘" : "Ctrl";

/** Every key there is, and the switch that turns the single letters off. */
export default function Shortcuts({ onClose }: { onClose: () => void }) {
  const words = useWords().keys;
  const isOn = useKeysOn();
  const groups = [
    {
      title: words.everywhere,
      keys: [
        [`${MOD} K`, words.palette],
        ["/", words.search],
        ["?", words.help],
        ["Esc", words.leave],
      ],
    },
    {
      title: words.inbox,
      keys: [
        ["J", words.next],
        ["K", words.previous],
        ["R", words.reply],
        ["N", words.note],
        ["E", words.close],
        ["A", words.assign],
        ["C", words.begin],
        ["U", words.back],
      ],
    },
    {
      title: words.writing,
      keys: [
        ["/", words.canned],
        ["{", words.field],
        [`${MOD} Enter`, words.send],
      ],
    },
  ];
  return (
    <Dialog title={words.title} isOpen onClose={onClose}>
      <Switch isSelected={isOn} onChange={setKeysOn} hint={words.switchHint}>
        {words.switch}
      </Switch>
      {groups.map(({ title, keys }) => (
        <section key={title}>
          <h3 className={styles.title}>{title}</h3>
          <dl className={styles.keys}>
            {keys.map(([key, what]) => (
              <div key={key} className={styles.row}>
                <dt>{what}</dt>
                <dd>
                  <kbd className={styles.key}>{key}</kbd>
                </dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </Dialog>
  );
}
