import type { Permission } from "@koinonia/client";
import type { IconName } from "../ui/Icon.tsx";
import type { Words } from "../words/words.tsx";

export type PageId = keyof Words["navigation"]["pages"];
export type SectionId = keyof Words["navigation"]["sections"];

export interface Entry {
  id: PageId;
  to: "/dashboard" | "/inbox" | "/people" | "/groups" | "/settings";
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
    to: "/inbox",
    icon: "inbox",
    section: "work",
    permission: "conversations.read",
    isInBar: true,
  },
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
  { id: "settings", to: "/settings", icon: "gear", section: "church", isInBar: true },
];

export const SECTIONS: SectionId[] = ["work", "people", "content", "church"];
