import { type Notification, ok } from "@koinonia/client";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useChurchFormat } from "../api/churchFormat.ts";
import { api } from "../api/client.ts";
import { queryClient } from "../api/queries.ts";
import { Badge } from "../ui/Badge.tsx";
import { Button, ButtonLink } from "../ui/Button.tsx";
import { Page } from "../ui/Page.tsx";
import { Pagination } from "../ui/Pagination.tsx";
import { Row, Rows } from "../ui/Rows.tsx";
import { Skeleton } from "../ui/Spinner.tsx";
import { EmptyState, ErrorState } from "../ui/States.tsx";
import { Switch } from "../ui/Toggles.tsx";
import { useWords } from "../words/words.tsx";
import { placeOf } from "./places.ts";
import { notificationsQuery } from "./queries.ts";
import { unreadQuery } from "./unread.ts";

/** What one should see, the newest first. */
export function NotificationsPage() {
  const words = useWords().notifications;
  const filters = useSearch({ from: "/within/notifications" });
  const navigate = useNavigate({ from: "/notifications" });
  const { data: unread } = useQuery(unreadQuery);
  const reading = useRead();
  return (
    <Page
      title={words.title}
      lead={words.lead}
      width="narrow"
      actions={
        <>
          <ButtonLink to="/settings/notifications" icon="gear">
            {words.preferences}
          </ButtonLink>
          {unread !== undefined && unread.unread > 0 && (
            <Button icon="check" isPending={reading.isPending} onPress={() => reading.mutate({})}>
              {words.readAll}
            </Button>
          )}
        </>
      }
    >
      <Switch
        isSelected={filters.unread === true}
        onChange={(isOn) => void navigate({ search: isOn ? { unread: true } : {} })}
      >
        {words.onlyUnread}
      </Switch>
      <List />
    </Page>
  );
}

function List() {
  const words = useWords().notifications;
  const filters = useSearch({ from: "/within/notifications" });
  const navigate = useNavigate({ from: "/notifications" });
  const { data: page, error, refetch } = useQuery(notificationsQuery(filters));
  if (error !== null && !page) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!page) return <Skeleton lines={8} />;
  if (page.data.length === 0 && filters.cursor === undefined) {
    return (
      <EmptyState icon="bell" title={filters.unread ? words.allRead : words.none}>
        {words.noneWhy}
      </EmptyState>
    );
  }
  return (
    <>
      <Rows label={words.title}>
        {page.data.map((each) => (
          <Item key={each.id} notification={each} />
        ))}
      </Rows>
      <Pagination
        nextCursor={page.nextCursor}
        isFirst={filters.cursor === undefined}
        onNext={(cursor) => void navigate({ search: { ...filters, cursor } })}
        onFirst={() => void navigate({ search: filters.unread ? { unread: true } : {} })}
      />
    </>
  );
}

function Item({ notification }: { notification: Notification }) {
  const words = useWords().notifications;
  const format = useChurchFormat();
  const reading = useRead();
  const isUnread = notification.readAt === null;
  const sentence = words.sentences[notification.kind](notification);
  const read = () => isUnread && reading.mutate({ ids: [notification.id] });
  return (
    <Row
      title={
        <Link {...placeOf(notification)} onClick={read}>
          {sentence}
        </Link>
      }
      badges={isUnread && <Badge tone="accent">{words.isNew}</Badge>}
      note={format.moment(notification.createdAt)}
      actions={
        isUnread && (
          <Button size="s" kind="quiet" isPending={reading.isPending} onPress={read}>
            {words.read}
          </Button>
        )
      }
    />
  );
}

function useRead() {
  return useMutation({
    mutationFn: (body: { ids?: string[] }) => ok(api.POST("/api/notifications/read", { body })),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ["notifications"] }),
  });
}
