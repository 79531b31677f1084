import type { Role } from "@koinonia/client";

const ROLES: Role[] = ["viewer", "staff", "admin", "owner"];

/** The roles that somebody of `role` may give: none above their own. */
export function rolesUpTo(role: Role): Role[] {
  return ROLES.slice(0, ROLES.indexOf(role) + 1);
}
