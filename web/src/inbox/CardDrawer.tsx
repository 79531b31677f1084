import { Dialog } from "../ui/Dialog.tsx";
import { useWords } from "../words/words.tsx";
import { Card } from "./Card.tsx";

/** The card where it has no pane of its own. */
export default function CardDrawer(props: { conversationId: string; onClose: () => void }) {
  const words = useWords().card;
  return (
    <Dialog title={words.title} isDrawer isOpen onClose={props.onClose}>
      <Card conversationId={props.conversationId} />
    </Dialog>
  );
}
