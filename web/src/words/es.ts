import { common } from "./es/common.ts";
import { dashboard } from "./es/dashboard.ts";
import { errors } from "./es/errors.ts";
import { groups } from "./es/groups.ts";
import { imports } from "./es/imports.ts";
import { inbox } from "./es/inbox.ts";
import { navigation } from "./es/navigation.ts";
import { people } from "./es/people.ts";
import { settings } from "./es/settings.ts";
import { join, register, signIn } from "./es/signIn.ts";
import type { Words } from "./words.tsx";

export const es = {
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
} satisfies Words;
