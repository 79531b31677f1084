import type { Permission } from "@koinonia/client";
import type { IconName } from "../ui/Icon.tsx";
import type { Words } from "../words/words.tsx";

export type PageId = keyof Words["navigation"]["pages"];
export type SectionId = keyof Words["navigation"]["sections"];

export interface Entry {
  id: PageId;
  to:
    | "/dashboard"
    | "/inbox/{-$conversationId}"
    | "/send"
    | "/messages"
    | "/schedules"
    | "/people"
    | "/groups"
    | "/templates"
    | "/keywords"
    | "/notifications"
    | "/settings";
  icon: IconName;
  section: SectionId;
  /** Hidden from whom the page would refuse. */
  permission?: Permission;
  /** In the bar of a phone, which holds four beside "More". */
  isInBar?: boolean;
}

/**
 * Every page of the navigation, in its order. Only what exists stands here. What comes has its
 * place: keys and webhooks, billing and registration under `church`; figures beside the dashboard.
 */
export const ENTRIES: Entry[] = [
  {
    id: "dashboard",
    to: "/dashboard",
    icon: "chart",
    section: "work",
    permission: "analytics.read",
  },
  {
    id: "inbox",
    to: "/inbox/{-$conversationId}",
    icon: "inbox",
    section: "work",
    permission: "conversations.read",
    isInBar: true,
  },
  {
    id: "send",
    to: "/send",
    icon: "send",
    section: "work",
    permission: "messages.work",
    isInBar: true,
  },
  {
    id: "messages",
    to: "/messages",
    icon: "message",
    section: "work",
    permission: "messages.read",
    isInBar: true,
  },
  {
    id: "schedules",
    to: "/schedules",
    icon: "calendar",
    section: "work",
    permission: "messages.read",
  },
  { id: "notifications", to: "/notifications", icon: "bell", section: "work" },
  {
    id: "people",
    to: "/people",
    icon: "person",
    section: "people",
    permission: "people.read",
    isInBar: true,
  },
  {
    id: "groups",
    to: "/groups",
    icon: "group",
    section: "people",
    permission: "people.read",
  },
  {
    id: "templates",
    to: "/templates",
    icon: "template",
    section: "content",
    permission: "templates.read",
  },
  {
    id: "keywords",
    to: "/keywords",
    icon: "keyword",
    section: "content",
    permission: "keywords.read",
  },
  { id: "settings", to: "/settings", icon: "gear", section: "church" },
];

export const SECTIONS: SectionId[] = ["work", "people", "content", "church"];
