import { common } from "./en/common.ts";
import { errors } from "./en/errors.ts";
import { card, inbox, reply, thread } from "./en/inbox.ts";
import { navigation } from "./en/navigation.ts";
import { notices } from "./en/notices.ts";

/** What the frame, the door and the inbox say: loaded before anything is drawn. */
export const en = {
  common,
  errors,
  card,
  inbox,
  reply,
  thread,
  navigation,
  notices,
};
