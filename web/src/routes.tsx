import { ApiError } from "@koinonia/client";
import { createRoute, createRouter, lazyRouteComponent, redirect } from "@tanstack/react-router";
import { meQuery, queryClient } from "./api/queries.ts";
import { doors } from "./doors.tsx";
import { STEPS } from "./imports/steps.ts";
import { inboxSearch } from "./inbox/filters.ts";
import { MESSAGE_STATUSES, RESPONSES, TEXT_STATUSES } from "./messages/statuses.ts";
import { readPeopleSearch } from "./people/search.ts";
import { root } from "./root.tsx";
import { SCHEDULE_STATUSES } from "./schedules/statuses.ts";
import { flag, oneOf, text } from "./search.ts";
import { Missing } from "./shell/Missing.tsx";
import { PageError } from "./shell/PageError.tsx";
import { Shell } from "./shell/Shell.tsx";
import { Skeleton } from "./ui/Spinner.tsx";
import { withWords } from "./words/words.tsx";

/* The table of contents: every path, its page, its search parameters. */

/** Everything below needs a session. */
const within = createRoute({
  getParentRoute: () => root,
  id: "within",
  component: Shell,
  notFoundComponent: Missing,
  async beforeLoad({ location }) {
    try {
      await queryClient.ensureQueryData(meQuery);
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 401) throw error;
      const { href } = location;
      throw redirect({ to: "/sign-in", search: href === "/" ? {} : { next: href } });
    }
  },
});

const start = createRoute({
  getParentRoute: () => within,
  path: "/",
  beforeLoad: () => {
    const me = queryClient.getQueryData(meQuery.queryKey);
    throw me?.permissions.includes("analytics.read")
      ? redirect({ to: "/dashboard" })
      : redirect({ to: "/inbox/{-$conversationId}", params: {} });
  },
});

const dashboard = createRoute({
  getParentRoute: () => within,
  path: "/dashboard",
  component: lazyRouteComponent(
    withWords(() => import("./dashboard/Page.tsx")),
    "DashboardPage",
  ),
});

const inbox = createRoute({
  getParentRoute: () => within,
  path: "/inbox/{-$conversationId}",
  validateSearch: inboxSearch,
  component: lazyRouteComponent(() => import("./inbox/Page.tsx"), "InboxPage"),
});

const people = createRoute({
  getParentRoute: () => within,
  path: "/people",
  validateSearch: readPeopleSearch,
  component: lazyRouteComponent(
    withWords(() => import("./people/Page.tsx")),
    "PeoplePage",
  ),
});

const peopleImports = createRoute({
  getParentRoute: () => within,
  path: "/people/import",
  component: lazyRouteComponent(
    withWords(() => import("./imports/Page.tsx")),
    "ImportsPage",
  ),
});

const peopleImport = createRoute({
  getParentRoute: () => within,
  path: "/people/import/$importId",
  validateSearch: (search) => oneOf(search, "step", STEPS),
  component: lazyRouteComponent(
    withWords(() => import("./imports/JobPage.tsx")),
    "ImportPage",
  ),
});

const person = createRoute({
  getParentRoute: () => within,
  path: "/people/$memberId",
  component: lazyRouteComponent(
    withWords(() => import("./people/PersonPage.tsx")),
    "PersonPage",
  ),
});

const groups = createRoute({
  getParentRoute: () => within,
  path: "/groups",
  component: lazyRouteComponent(
    withWords(() => import("./groups/Page.tsx")),
    "GroupsPage",
  ),
});

/** Branches and their groups are one page. */
const branches = createRoute({
  getParentRoute: () => within,
  path: "/branches",
  beforeLoad: () => {
    throw redirect({ to: "/groups" });
  },
});

const group = createRoute({
  getParentRoute: () => within,
  path: "/groups/$groupId",
  component: lazyRouteComponent(
    withWords(() => import("./groups/GroupPage.tsx")),
    "GroupPage",
  ),
});

const send = createRoute({
  getParentRoute: () => within,
  path: "/send",
  validateSearch: (search) => ({
    ...text(search, "draft"),
    ...text(search, "after"),
    ...oneOf(search, "outcome", ["failed", "sent"] as const),
    ...text(search, "group"),
    ...text(search, "segment"),
    ...text(search, "member"),
    ...text(search, "template"),
    ...oneOf(search, "when", ["later"] as const),
    ...flag(search, "undone"),
  }),
  component: lazyRouteComponent(
    withWords(() => import("./send/Page.tsx")),
    "SendPage",
  ),
});

const messages = createRoute({
  getParentRoute: () => within,
  path: "/messages",
  validateSearch: (search) => ({
    ...oneOf(search, "status", MESSAGE_STATUSES),
    ...text(search, "search"),
    ...text(search, "since"),
    ...text(search, "before"),
    ...flag(search, "tests"),
    ...text(search, "cursor"),
  }),
  component: lazyRouteComponent(
    withWords(() => import("./messages/ListPage.tsx")),
    "MessagesPage",
  ),
});

const message = createRoute({
  getParentRoute: () => within,
  path: "/messages/$messageId",
  validateSearch: (search) => ({
    ...oneOf(search, "recipients", [...TEXT_STATUSES, ...RESPONSES]),
    ...text(search, "cursor"),
  }),
  component: lazyRouteComponent(
    withWords(() => import("./messages/DetailPage.tsx")),
    "MessagePage",
  ),
});

const schedules = createRoute({
  getParentRoute: () => within,
  path: "/schedules",
  validateSearch: (search) => ({
    ...oneOf(search, "status", SCHEDULE_STATUSES),
    ...text(search, "cursor"),
  }),
  component: lazyRouteComponent(
    withWords(() => import("./schedules/ListPage.tsx")),
    "SchedulesPage",
  ),
});

const schedule = createRoute({
  getParentRoute: () => within,
  path: "/schedules/$scheduleId",
  component: lazyRouteComponent(
    withWords(() => import("./schedules/DetailPage.tsx")),
    "SchedulePage",
  ),
});

const editSchedule = createRoute({
  getParentRoute: () => within,
  path: "/schedules/$scheduleId/edit",
  component: lazyRouteComponent(
    withWords(() => import("./schedules/EditPage.tsx")),
    "EditSchedulePage",
  ),
});

const templates = createRoute({
  getParentRoute: () => within,
  path: "/templates",
  validateSearch: (search) => ({ ...text(search, "category"), ...text(search, "search") }),
  component: lazyRouteComponent(
    withWords(() => import("./templates/Page.tsx")),
    "TemplatesPage",
  ),
});

const keywords = createRoute({
  getParentRoute: () => within,
  path: "/keywords",
  validateSearch: (search) => text(search, "open"),
  component: lazyRouteComponent(
    withWords(() => import("./keywords/Page.tsx")),
    "KeywordsPage",
  ),
});

const notifications = createRoute({
  getParentRoute: () => within,
  path: "/notifications",
  validateSearch: (search) => ({ ...flag(search, "unread"), ...text(search, "cursor") }),
  component: lazyRouteComponent(
    withWords(() => import("./notifications/Page.tsx")),
    "NotificationsPage",
  ),
});

/** The frame of the settings; each of its pages stands below. */
const settings = createRoute({
  getParentRoute: () => within,
  id: "settings",
  component: lazyRouteComponent(
    withWords(() => import("./settings/Layout.tsx")),
    "SettingsLayout",
  ),
});

const settingsPages = [
  createRoute({
    getParentRoute: () => settings,
    path: "/settings",
    component: lazyRouteComponent(
      withWords(() => import("./settings/ChurchPage.tsx")),
      "ChurchPage",
    ),
  }),
  createRoute({
    getParentRoute: () => settings,
    path: "/settings/team",
    component: lazyRouteComponent(
      withWords(() => import("./settings/TeamPage.tsx")),
      "TeamPage",
    ),
  }),
  createRoute({
    getParentRoute: () => settings,
    path: "/settings/notifications",
    component: lazyRouteComponent(
      withWords(() => import("./settings/NotificationsPage.tsx")),
      "NotificationsPage",
    ),
  }),
  createRoute({
    getParentRoute: () => settings,
    path: "/settings/numbers",
    component: lazyRouteComponent(
      withWords(() => import("./settings/NumbersPage.tsx")),
      "NumbersPage",
    ),
  }),
  createRoute({
    getParentRoute: () => settings,
    path: "/settings/rules",
    component: lazyRouteComponent(
      withWords(() => import("./settings/RulesPage.tsx")),
      "RulesPage",
    ),
  }),
  createRoute({
    getParentRoute: () => settings,
    path: "/settings/hours",
    component: lazyRouteComponent(
      withWords(() => import("./settings/HoursPage.tsx")),
      "HoursPage",
    ),
  }),
  createRoute({
    getParentRoute: () => settings,
    path: "/settings/replies",
    component: lazyRouteComponent(
      withWords(() => import("./settings/RepliesPage.tsx")),
      "RepliesPage",
    ),
  }),
  createRoute({
    getParentRoute: () => settings,
    path: "/settings/fields",
    component: lazyRouteComponent(
      withWords(() => import("./settings/FieldsPage.tsx")),
      "FieldsPage",
    ),
  }),
  createRoute({
    getParentRoute: () => settings,
    path: "/settings/labels",
    component: lazyRouteComponent(
      withWords(() => import("./settings/LabelsPage.tsx")),
      "LabelsPage",
    ),
  }),
  createRoute({
    getParentRoute: () => settings,
    path: "/settings/usage",
    component: lazyRouteComponent(
      withWords(() => import("./settings/UsagePage.tsx")),
      "UsagePage",
    ),
  }),
  createRoute({
    getParentRoute: () => settings,
    path: "/settings/api-keys",
    component: lazyRouteComponent(
      withWords(() => import("./settings/ApiKeysPage.tsx")),
      "ApiKeysPage",
    ),
  }),
  createRoute({
    getParentRoute: () => settings,
    path: "/settings/audit",
    validateSearch: (search) => ({
      ...text(search, "who"),
      ...text(search, "what"),
      ...text(search, "thing"),
      ...text(search, "since"),
      ...text(search, "until"),
      ...text(search, "cursor"),
    }),
    component: lazyRouteComponent(
      withWords(() => import("./audit/Page.tsx")),
      "AuditPage",
    ),
  }),
] as const;

const tree = root.addChildren([
  ...doors,
  within.addChildren([
    start,
    dashboard,
    inbox,
    people,
    peopleImports,
    peopleImport,
    person,
    groups,
    branches,
    group,
    send,
    messages,
    message,
    schedules,
    schedule,
    editSchedule,
    templates,
    keywords,
    notifications,
    settings.addChildren(settingsPages),
  ]),
]);

export const router = createRouter({
  routeTree: tree,
  defaultPreload: "intent",
  defaultPendingComponent: () => <Skeleton lines={6} />,
  defaultErrorComponent: PageError,
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
