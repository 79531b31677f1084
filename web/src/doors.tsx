import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { root } from "./root.tsx";
import { flag, text } from "./search.ts";
import { withWords } from "./words/words.tsx";

/* The pages for who is not signed in; the first part of the table of contents in `routes.tsx`. */

const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  validateSearch: (search) => ({
    ...text(search, "next"),
    ...flag(search, "signedOut"),
  }),
  component: lazyRouteComponent(
    withWords(() => import("./sign-in/SignIn.tsx")),
    "SignIn",
  ),
});

const register = createRoute({
  getParentRoute: () => root,
  path: "/register",
  component: lazyRouteComponent(
    withWords(() => import("./sign-in/Register.tsx")),
    "Register",
  ),
});

const join = createRoute({
  getParentRoute: () => root,
  path: "/join",
  component: lazyRouteComponent(
    withWords(() => import("./sign-in/Join.tsx")),
    "Join",
  ),
});

const forgotPassword = createRoute({
  getParentRoute: () => root,
  path: "/forgot-password",
  component: lazyRouteComponent(
    withWords(() => import("./sign-in/ForgotPassword.tsx")),
    "ForgotPassword",
  ),
});

const resetPassword = createRoute({
  getParentRoute: () => root,
  path: "/reset-password",
  component: lazyRouteComponent(
    withWords(() => import("./sign-in/ResetPassword.tsx")),
    "ResetPassword",
  ),
});

const confirmAddress = createRoute({
  getParentRoute: () => root,
  path: "/confirm-address",
  component: lazyRouteComponent(
    withWords(() => import("./sign-in/ConfirmAddress.tsx")),
    "ConfirmAddress",
  ),
});

export const doors = [
  signIn,
  register,
  join,
  forgotPassword,
  resetPassword,
  confirmAddress,
] as const;
