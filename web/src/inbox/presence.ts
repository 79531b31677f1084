import { ok } from "@koinonia/client";
import { useEffect } from "react";
import { api } from "../api/client.ts";

const AGAIN_MS = 15_000;

/** Tells colleagues that one is answering, for as long as something is being written. */
export function usePresence(conversationId: string, isWriting: boolean): void {
  useEffect(() => {
    if (!isWriting) return undefined;
    const path = "/api/conversations/{conversationId}/presence";
    const params = { path: { conversationId } };
    // It only helps colleagues, so a failure is nobody's concern.
    const say = () => void ok(api.PUT(path, { params })).catch(() => undefined);
    say();
    const timer = setInterval(say, AGAIN_MS);
    return () => {
      clearInterval(timer);
      void ok(api.DELETE(path, { params })).catch(() => undefined);
    };
  }, [conversationId, isWriting]);
}
