import { useBlocker } from "@tanstack/react-router";
import { useWords } from "../words/words.tsx";
import { Confirm } from "./Dialog.tsx";

/**
 * Asks before a page with unsaved changes is left, also when the tab is closed. A filter or a dialog
 * that stands in the address is still the same page. A function is asked at that moment.
 */
export function LeaveGuard({ isDirty }: { isDirty: boolean | (() => boolean) }) {
  const words = useWords().common;
  const isDirtyNow = () => (typeof isDirty === "function" ? isDirty() : isDirty);
  const blocker = useBlocker({
    shouldBlockFn: ({ current, next }) => isDirtyNow() && current.pathname !== next.pathname,
    enableBeforeUnload: isDirtyNow,
    withResolver: true,
  });
  const isBlocked = blocker.status === "blocked";
  return (
    <Confirm
      title={words.leave}
      action={words.leaveYes}
      isDanger
      isOpen={isBlocked}
      onClose={() => blocker.reset?.()}
      onConfirm={() => blocker.proceed?.()}
    >
      <p>{words.leaveWhy}</p>
    </Confirm>
  );
}
