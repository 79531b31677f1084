import { useEffect } from "react";

/** The lock that a tab holds while somebody looks at a conversation in it. */
export function lookingName(conversationId: string): string {
  return `koinonia-looking-${conversationId}`;
}

/** Lets all tabs know that this conversation stands before somebody's eyes; none tells them of it. */
export function useLooking(conversationId: string | undefined): void {
  useEffect(() => {
    if (conversationId === undefined || !("locks" in navigator)) return undefined;
    let leave: (() => void) | undefined;
    const look = () => {
      const isLooking = document.visibilityState === "visible" && document.hasFocus();
      if (isLooking === (leave !== undefined)) return;
      leave?.();
      leave = isLooking ? hold(lookingName(conversationId)) : undefined;
    };
    look();
    const occasions = ["focus", "blur"] as const;
    for (const each of occasions) window.addEventListener(each, look);
    document.addEventListener("visibilitychange", look);
    return () => {
      for (const each of occasions) window.removeEventListener(each, look);
      document.removeEventListener("visibilitychange", look);
      leave?.();
    };
  }, [conversationId]);
}

/** Holds a lock, which others may hold too, until what it returns is called. */
function hold(name: string): () => void {
  let end: () => void = () => undefined;
  const isOver = new Promise<void>((resolve) => {
    end = resolve;
  });
  void navigator.locks.request(name, { mode: "shared" }, () => isOver);
  return end;
}
