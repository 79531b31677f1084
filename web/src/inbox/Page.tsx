import { ok } from "@koinonia/client";
import { useSuspenseQuery } from "@tanstack/react-query";
import { api } from "../api/client.ts";
import { Page } from "../ui/Page.tsx";
import { EmptyState } from "../ui/States.tsx";
import { useWords } from "../words/words.tsx";

export function InboxPage() {
  const words = useWords().inbox;
  const { data } = useSuspenseQuery({
    queryKey: ["conversations", "counts"],
    queryFn: ({ signal }) => ok(api.GET("/api/conversations/counts", { signal })),
  });
  return (
    <Page title={words.title}>
      <EmptyState icon="inbox" title={words.waiting(data.unreadForMe.total)}>
        {words.emptyWhy}
      </EmptyState>
    </Page>
  );
}
