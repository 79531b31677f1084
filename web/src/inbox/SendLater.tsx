import { lazy, Suspense, useState } from "react";
import { IconButton } from "../ui/Button.tsx";
import { useWords } from "../words/words.tsx";

const LaterDialog = lazy(() => import("./LaterDialog.tsx"));

/** The button that asks when an answer goes out. */
export function SendLater(props: { isDisabled: boolean; onChoose: (sendAt: string) => void }) {
  const words = useWords().reply;
  const [isOpen, setOpen] = useState(false);
  const close = () => setOpen(false);
  const choose = (sendAt: string) => {
    close();
    props.onChoose(sendAt);
  };
  return (
    <>
      <IconButton
        icon="clock"
        label={words.later}
        isDisabled={props.isDisabled}
        onPress={() => setOpen(true)}
      />
      <Suspense fallback={null}>
        {isOpen && <LaterDialog onClose={close} onChoose={choose} />}
      </Suspense>
    </>
  );
}
