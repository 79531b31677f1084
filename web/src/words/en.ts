import { common } from "./en/common.ts";
import { dashboard } from "./en/dashboard.ts";
import { errors } from "./en/errors.ts";
import { groups } from "./en/groups.ts";
import { imports } from "./en/imports.ts";
import { inbox } from "./en/inbox.ts";
import { navigation } from "./en/navigation.ts";
import { people } from "./en/people.ts";
import { settings } from "./en/settings.ts";
import { join, register, signIn } from "./en/signIn.ts";

export const en = {
  common,
  dashboard,
  errors,
  navigation,
  signIn,
  register,
  join,
  inbox,
  groups,
  imports,
  people,
  settings,
};
