import type { StreamEvent } from "@koinonia/client";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { countsQuery, teamQuery } from "../inbox/queries.ts";
import { useLooking } from "../live/looking.ts";
import { useEvents } from "../live/useLive.ts";
import { countInTitle } from "../ui/title.ts";
import { useWords } from "../words/words.tsx";

/**
 * What is told of conversations beside their own page: a notice and a sound for what somebody should
 * see, a sentence for who hears the page, and how many are unread in the tab's title.
 */
export function Notices() {
  const words = useWords().notices;
  const queries = useQueryClient();
  const navigate = useNavigate();
  const { conversationId } = useParams({ strict: false });
  const [sentence, setSentence] = useState("");
  useLooking(conversationId);
  useUnreadInTitle();

  const open = (id: string) =>
    void navigate({ to: "/inbox/{-$conversationId}", params: { conversationId: id }, search: {} });
  useEvents((event) => {
    if (event.event === "staff.notified") {
      const { by, reason, conversationId: about } = event.data;
      const who = queries.getQueryData(teamQuery.queryKey)?.find(({ id }) => id === by)?.firstName;
      const title = words.reasons[reason](who ?? words.colleague);
      void import("../live/notices.ts").then(({ tell }) => tell(event, title, () => open(about)));
    }
    if (isNewText(event, conversationId)) setSentence((old) => next(old, words.newText));
  });
  return (
    <div className="visually-hidden" role="status">
      {sentence}
    </div>
  );
}

/** The open thread reads its own texts out. */
function isNewText(event: StreamEvent, openId: string | undefined): boolean {
  if (event.event !== "conversation.updated") return false;
  const { messageId, direction, conversationId } = event.data;
  return messageId !== null && direction === "inbound" && conversationId !== openId;
}

/** The same sentence is read out again only when it is another one. */
function next(old: string, sentence: string): string {
  return old === sentence ? `${sentence}\u00a0` : sentence;
}

function useUnreadInTitle(): void {
  const { data } = useQuery(countsQuery);
  const { total, hasMore } = data?.unreadForMe ?? { total: 0, hasMore: false };
  useEffect(() => {
    countInTitle(total === 0 ? "" : `${total}${hasMore ? "+" : ""}`);
    return () => countInTitle("");
  }, [total, hasMore]);
}
