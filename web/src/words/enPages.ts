import { apiKeys } from "./en/apiKeys.ts";
import { audit } from "./en/audit.ts";
import { compose } from "./en/compose.ts";
import { dashboard } from "./en/dashboard.ts";
import { deviceNotices } from "./en/deviceNotices.ts";
import { failures } from "./en/failures.ts";
import { groups } from "./en/groups.ts";
import { imports } from "./en/imports.ts";
import { begin, merge } from "./en/inbox.ts";
import { keys } from "./en/keys.ts";
import { messages } from "./en/messages.ts";
import { notifications } from "./en/notifications.ts";
import { people } from "./en/people.ts";
import { refusals } from "./en/refusals.ts";
import { schedules } from "./en/schedules.ts";
import { send } from "./en/send.ts";
import { settings } from "./en/settings.ts";
import { join, recovery, register, secondFactor, signIn } from "./en/signIn.ts";
import { keywords, templates } from "./en/templates.ts";

/** What every other page says: loaded with the first of them. */
export const pages = {
  audit,
  keys,
  signIn,
  register,
  join,
  recovery,
  secondFactor,
  merge,
  begin,
  compose,
  dashboard,
  deviceNotices,
  failures,
  groups,
  apiKeys,
  imports,
  messages,
  notifications,
  people,
  refusals,
  schedules,
  send,
  settings,
  keywords,
  templates,
};
