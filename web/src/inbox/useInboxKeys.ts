import type { ConversationItem } from "@koinonia/client";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useMe } from "../api/queries.ts";
import { useKeys } from "../keys/keys.ts";
import { useConversationChange } from "./changes.ts";
import type { InboxSearch } from "./filters.ts";
import { itemsOf } from "./pages.ts";
import { conversationQuery, conversationsQuery } from "./queries.ts";

/** J and K go through the list, the others act on what is open. */
export function useInboxKeys(search: InboxSearch, openId: string | undefined): void {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const { admin, permissions } = useMe();
  const change = useConversationChange(openId ?? "");
  const mayWork = permissions.includes("conversations.work");

  const go = (conversationId: string | undefined) =>
    void navigate({
      to: "/inbox/{-$conversationId}",
      params: { conversationId },
      search,
    });
  const step = (by: number) => {
    const rows = itemsOf<ConversationItem>(
      queries.getQueryData(conversationsQuery(search).queryKey),
    );
    const at = rows.findIndex(({ id }) => id === openId);
    const next = rows[at < 0 ? 0 : at + by];
    if (next) go(next.id);
  };
  const focus = (selector: string) => document.querySelector<HTMLElement>(selector)?.focus();
  const settle = () => {
    if (openId === undefined) return;
    const open = queries.getQueryData(conversationQuery(openId).queryKey);
    change.mutate({ kind: "status", status: open?.status === "open" ? "closed" : "open" });
  };
  useKeys({
    j: () => step(1),
    k: () => step(-1),
    ...(openId === undefined ? {} : { u: () => go(undefined) }),
    ...(openId !== undefined && mayWork
      ? {
          e: settle,
          a: () => change.mutate({ kind: "assign", adminId: admin.id }),
          r: () => choose("reply", () => focus("[data-composer]")),
          n: () => choose("note", () => focus("[data-note]")),
        }
      : {}),
    ...(mayWork ? { c: () => focusAndPress("[data-begin]") } : {}),
  });
}

/** Shows a mode of the composer, and then does the rest. */
function choose(mode: "reply" | "note", then: () => void): void {
  focusAndPress(`[data-mode-of="${mode}"]`);
  requestAnimationFrame(then);
}

function focusAndPress(selector: string): void {
  document.querySelector<HTMLElement>(selector)?.click();
}
