import type { Notification, NotificationKind } from "@koinonia/client";

type About = Pick<Notification, "byName" | "details">;

const sentences: Record<NotificationKind, (about: About) => string> = {
  assigned: ({ byName }) => `${byName ?? "Somebody"} gave you a conversation`,
  mentioned: ({ byName }) => `${byName ?? "Somebody"} mentioned you in a note`,
  keyword: () => "Somebody texted a keyword that you follow",
  reply_refused: () => "An answer that you had scheduled was not sent",
  import_finished: ({ details }) =>
    details.isFailed ? "Your import stopped before its end" : "Your import is finished",
  broadcast_failed: ({ details: { count, total } }) =>
    count === null
      ? "A broadcast was not sent: the plan does not cover it"
      : `${count} of ${total ?? count} texts of your broadcast were not delivered`,
  allowance_low: ({ details }) => `${details.count ?? 80} % of the texts of your plan are used`,
  allowance_gone: () => "The texts of your plan are used up",
  number_cut_off: () => "Your number is cut off at the carrier",
  number_back: () => "Your number is connected again",
  address_failed: ({ byName }) => `${byName ?? "Somebody"} gets no mail: the address takes none`,
};

export const notifications = {
  title: "Notifications",
  lead: "What happened that concerns you. Each is kept for 90 days.",
  preferences: "How you are told",
  readAll: "Mark all as read",
  read: "Mark as read",
  onlyUnread: "Only what is new",
  isNew: "New",
  none: "Nothing yet",
  allRead: "You have read everything",
  noneWhy: "When somebody gives you a conversation or mentions you, it stands here.",
  sentences,
  kinds: {
    assigned: "A conversation is given to you",
    mentioned: "A note mentions you",
    keyword: "A keyword that you follow comes in",
    reply_refused: "Your scheduled answer is not sent",
    import_finished: "Your import is finished",
    broadcast_failed: "A broadcast fails",
    allowance_low: "The plan runs low",
    allowance_gone: "The plan is used up",
    number_cut_off: "A number is cut off",
    number_back: "A number is back",
    address_failed: "Somebody gets no mail",
  } satisfies Record<NotificationKind, string>,
  kindsWhy: "Mail says only what you have not read in the app by then.",
  inApp: "In the app",
  mail: "By mail",
  mails: { off: "Never", soon: "Within minutes", daily: "Once a day" },
  hours: "Hours",
  hoursWhy: "In quiet hours nothing is mailed. It comes when they end.",
  timezone: "Your time zone",
  quietFrom: "Quiet from",
  quietUntil: "Quiet until",
  digestAt: "Mail of the day at",
};
