import type { ReactNode } from "react";
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from "react-aria-components";
import { useWords } from "../words/words.tsx";
import { Button, IconButton } from "./Button.tsx";
import styles from "./Dialog.module.css";

interface Props {
  title: string;
  isOpen: boolean;
  onClose: () => void;
  children: ReactNode;
  /** The buttons at its foot; the one that does it comes last. */
  actions?: ReactNode;
  size?: "s" | "m" | "l";
  /** A sheet at the side, for what belongs to the page beneath. */
  isDrawer?: boolean;
  /** For what must be answered: neither Escape nor a click outside closes it. */
  isFirm?: boolean;
}

/** In the middle on a desk, a sheet from below on a phone. The focus comes back when it closes. */
export function Dialog(props: Props) {
  const words = useWords().common;
  const isFirm = props.isFirm === true;
  return (
    <ModalOverlay
      className={styles.overlay}
      data-drawer={props.isDrawer === true}
      isOpen={props.isOpen}
      isDismissable={!isFirm}
      isKeyboardDismissDisabled={isFirm}
      onOpenChange={(open) => open || props.onClose()}
    >
      <Modal className={styles.modal} data-size={props.size ?? "m"}>
        <AriaDialog className={styles.dialog}>
          <header className={styles.head}>
            <Heading slot="title" className={styles.title}>
              {props.title}
            </Heading>
            {!isFirm && <IconButton icon="close" label={words.close} onPress={props.onClose} />}
          </header>
          <div className={styles.body}>{props.children}</div>
          {props.actions !== undefined && <footer className={styles.foot}>{props.actions}</footer>}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}

/** Asks before something that cannot be taken back. Say in `action` what it does, never "OK". */
export function Confirm(props: {
  title: string;
  children: ReactNode;
  action: string;
  /** The other way, where "Cancel" could be read as the action itself. */
  keep?: string;
  isOpen: boolean;
  isPending?: boolean;
  isDanger?: boolean;
  onClose: () => void;
  onConfirm: () => void;
}) {
  const words = useWords().common;
  return (
    <Dialog
      title={props.title}
      isOpen={props.isOpen}
      onClose={props.onClose}
      size="s"
      actions={
        <>
          <Button onPress={props.onClose} autoFocus>
            {props.keep ?? words.cancel}
          </Button>
          <Button
            kind={props.isDanger === true ? "danger" : "primary"}
            isPending={props.isPending === true}
            onPress={props.onConfirm}
          >
            {props.action}
          </Button>
        </>
      }
    >
      {props.children}
    </Dialog>
  );
}
