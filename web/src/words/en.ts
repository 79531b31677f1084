import { common } from "./en/common.ts";
import { compose } from "./en/compose.ts";
import { dashboard } from "./en/dashboard.ts";
import { errors } from "./en/errors.ts";
import { groups } from "./en/groups.ts";
import { imports } from "./en/imports.ts";
import { begin, card, inbox, merge, reply, thread } from "./en/inbox.ts";
import { keys } from "./en/keys.ts";
import { messages } from "./en/messages.ts";
import { navigation } from "./en/navigation.ts";
import { people } from "./en/people.ts";
import { schedules } from "./en/schedules.ts";
import { send } from "./en/send.ts";
import { settings } from "./en/settings.ts";
import { join, register, signIn } from "./en/signIn.ts";
import { keywords, templates } from "./en/templates.ts";

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
};
