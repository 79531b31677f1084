import { common } from "./es/common.ts";
import { compose } from "./es/compose.ts";
import { dashboard } from "./es/dashboard.ts";
import { errors } from "./es/errors.ts";
import { groups } from "./es/groups.ts";
import { imports } from "./es/imports.ts";
import { begin, card, inbox, merge, reply, thread } from "./es/inbox.ts";
import { keys } from "./es/keys.ts";
import { messages } from "./es/messages.ts";
import { navigation } from "./es/navigation.ts";
import { people } from "./es/people.ts";
import { schedules } from "./es/schedules.ts";
import { send } from "./es/send.ts";
import { settings } from "./es/settings.ts";
import { join, register, signIn } from "./es/signIn.ts";
import { keywords, templates } from "./es/templates.ts";
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
  thread,
  reply,
  card,
  begin,
  merge,
  keys,
  settings,
  compose,
  send,
  schedules,
  templates,
  keywords,
  messages,
} satisfies Words;
