import { apiKeys } from "./es/apiKeys.ts";
import { audit } from "./es/audit.ts";
import { compose } from "./es/compose.ts";
import { dashboard } from "./es/dashboard.ts";
import { deviceNotices } from "./es/deviceNotices.ts";
import { failures } from "./es/failures.ts";
import { groups } from "./es/groups.ts";
import { imports } from "./es/imports.ts";
import { begin, merge } from "./es/inbox.ts";
import { keys } from "./es/keys.ts";
import { messages } from "./es/messages.ts";
import { notifications } from "./es/notifications.ts";
import { people } from "./es/people.ts";
import { refusals } from "./es/refusals.ts";
import { schedules } from "./es/schedules.ts";
import { send } from "./es/send.ts";
import { settings } from "./es/settings.ts";
import { join, recovery, register, secondFactor, signIn } from "./es/signIn.ts";
import { keywords, templates } from "./es/templates.ts";
import type { PageWords } from "./words.tsx";

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
} satisfies PageWords;
