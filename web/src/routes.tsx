import { ApiError } from "@koinonia/client";
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from "@tanstack/react-router";
import { meQuery, queryClient } from "./api/queries.ts";
import { STEPS } from "./imports/steps.ts";
import { readPeopleSearch } from "./people/search.ts";
import { flag, oneOf, text } from "./search.ts";
import { Missing } from "./shell/Missing.tsx";
import { PageError } from "./shell/PageError.tsx";
import { Shell } from "./shell/Shell.tsx";
import { Skeleton } from "./ui/Spinner.tsx";

/* The table of contents: every path, its page, its search parameters. */

const root = createRootRoute({ component: Outlet, notFoundComponent: Missing });

const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  validateSearch: (search) => ({
    ...text(search, "next"),
    ...flag(search, "signedOut"),
  }),
  component: lazyRouteComponent(() => import("./sign-in/SignIn.tsx"), "SignIn"),
});

const register = createRoute({
  getParentRoute: () => root,
  path: "/register",
  component: lazyRouteComponent(() => import("./sign-in/Register.tsx"), "Register"),
});

const join = createRoute({
  getParentRoute: () => root,
  path: "/join",
  component: lazyRouteComponent(() => import("./sign-in/Join.tsx"), "Join"),
});

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
    throw redirect({ to: "/inbox" });
  },
});

const inbox = createRoute({
  getParentRoute: () => within,
  path: "/inbox",
  component: lazyRouteComponent(() => import("./inbox/Page.tsx"), "InboxPage"),
});

const people = createRoute({
  getParentRoute: () => within,
  path: "/people",
  validateSearch: readPeopleSearch,
  component: lazyRouteComponent(() => import("./people/Page.tsx"), "PeoplePage"),
});

const peopleImports = createRoute({
  getParentRoute: () => within,
  path: "/people/import",
  component: lazyRouteComponent(() => import("./imports/Page.tsx"), "ImportsPage"),
});

const peopleImport = createRoute({
  getParentRoute: () => within,
  path: "/people/import/$importId",
  validateSearch: (search) => oneOf(search, "step", STEPS),
  component: lazyRouteComponent(() => import("./imports/JobPage.tsx"), "ImportPage"),
});

const person = createRoute({
  getParentRoute: () => within,
  path: "/people/$memberId",
  component: lazyRouteComponent(() => import("./people/PersonPage.tsx"), "PersonPage"),
});

const groups = createRoute({
  getParentRoute: () => within,
  path: "/groups",
  component: lazyRouteComponent(() => import("./groups/Page.tsx"), "GroupsPage"),
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
  component: lazyRouteComponent(() => import("./groups/GroupPage.tsx"), "GroupPage"),
});

const settings = createRoute({
  getParentRoute: () => within,
  path: "/settings",
  component: lazyRouteComponent(() => import("./settings/Page.tsx"), "SettingsPage"),
});

const tree = root.addChildren([
  signIn,
  register,
  join,
  within.addChildren([
    start,
    inbox,
    people,
    peopleImports,
    peopleImport,
    person,
    groups,
    branches,
    group,
    settings,
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
