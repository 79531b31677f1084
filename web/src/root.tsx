import { createRootRoute, Outlet } from "@tanstack/react-router";
import { Missing } from "./shell/Missing.tsx";

/** What every page lies below. */
export const root = createRootRoute({ component: Outlet, notFoundComponent: Missing });
