import type { Notification } from "@koinonia/client";
import type { LinkProps } from "@tanstack/react-router";

type Place = Pick<LinkProps, "to" | "params">;

/** Where one sees, and mends, what a notification is about. */
export function placeOf({ kind, details }: Pick<Notification, "kind" | "details">): Place {
  switch (kind) {
    case "assigned":
    case "mentioned":
    case "keyword":
    case "reply_refused":
      return {
        to: "/inbox/{-$conversationId}",
        params: details.conversationId === null ? {} : { conversationId: details.conversationId },
      };
    case "import_finished":
      return details.importId === null
        ? { to: "/people/import" }
        : { to: "/people/import/$importId", params: { importId: details.importId } };
    case "broadcast_failed":
      return details.messageId === null
        ? { to: "/messages" }
        : { to: "/messages/$messageId", params: { messageId: details.messageId } };
    case "allowance_low":
    case "allowance_gone":
      return { to: "/settings/usage" };
    case "number_cut_off":
    case "number_back":
      return { to: "/settings/numbers" };
    case "address_failed":
      return { to: "/settings/team" };
  }
}
