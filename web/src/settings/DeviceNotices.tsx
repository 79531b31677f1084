import { useState } from "react";
import {
  chooseNotices,
  type NoticeReason,
  REASONS,
  useNoticeChoices,
  VOLUMES,
} from "../live/noticeChoices.ts";
import { play } from "../live/sounds.ts";
import { Button } from "../ui/Button.tsx";
import { CheckList } from "../ui/CheckList.tsx";
import { Section } from "../ui/Page.tsx";
import { Segmented } from "../ui/Segmented.tsx";
import { Notice } from "../ui/States.tsx";
import { Switch } from "../ui/Toggles.tsx";
import { useWords } from "../words/words.tsx";

/** Notices and sounds of this device. The browser is asked when somebody turns them on. */
export function DeviceNotices() {
  const words = useWords().deviceNotices;
  const { isShown, volume, silent } = useNoticeChoices();
  const [permission, setPermission] = useState(() =>
    "Notification" in window ? Notification.permission : "denied",
  );
  const turn = async (isOn: boolean) => {
    const answer = isOn && permission === "default" ? await ask() : permission;
    setPermission(answer);
    chooseNotices({ isShown: isOn && answer === "granted" });
  };
  const told = REASONS.filter((reason) => !silent.includes(reason));
  const choose = (wanted: NoticeReason[]) =>
    chooseNotices({ silent: REASONS.filter((reason) => !wanted.includes(reason)) });
  return (
    <Section
      title={words.title}
      note={words.lead}
      actions={
        <Button
          size="s"
          isDisabled={volume === "off"}
          onPress={() => void play("mentioned", volume)}
        >
          {words.test}
        </Button>
      }
    >
      <Switch
        isSelected={isShown && permission === "granted"}
        onChange={(isOn) => void turn(isOn)}
        hint={words.showWhy}
      >
        {words.show}
      </Switch>
      {permission === "denied" && <Notice tone="warning">{words.denied}</Notice>}
      <p>{words.sound}</p>
      <Segmented
        label={words.sound}
        choices={VOLUMES.map((id) => ({ id, name: words.volumes[id] }))}
        value={volume}
        onChange={(chosen) => {
          chooseNotices({ volume: chosen });
          void play("mentioned", chosen);
        }}
      />
      <CheckList
        label={words.when}
        choices={REASONS.map((id) => ({ id, name: words.reasons[id] }))}
        value={told}
        onChange={choose}
      />
    </Section>
  );
}

async function ask(): Promise<NotificationPermission> {
  return await Notification.requestPermission();
}
