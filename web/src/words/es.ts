import { common } from "./es/common.ts";
import { errors } from "./es/errors.ts";
import { card, inbox, reply, thread } from "./es/inbox.ts";
import { navigation } from "./es/navigation.ts";
import { notices } from "./es/notices.ts";
import type { FirstWords } from "./words.tsx";

export const es = {
  common,
  errors,
  card,
  inbox,
  reply,
  thread,
  navigation,
  notices,
} satisfies FirstWords;
