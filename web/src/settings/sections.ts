import type { Permission } from "@koinonia/client";
import type { Words } from "../words/words.tsx";

export interface SettingsSection {
  id: keyof Words["settings"]["sections"];
  to:
    | "/settings"
    | "/settings/team"
    | "/settings/notifications"
    | "/settings/numbers"
    | "/settings/rules"
    | "/settings/hours"
    | "/settings/replies"
    | "/settings/fields"
    | "/settings/labels"
    | "/settings/usage"
    | "/settings/api-keys"
    | "/settings/audit";
  permission?: Permission;
}

/** Every page of the settings, in its order. Webhooks and billing come after usage. */
export const SECTIONS: SettingsSection[] = [
  { id: "church", to: "/settings" },
  { id: "notifications", to: "/settings/notifications" },
  { id: "team", to: "/settings/team", permission: "team.read" },
  { id: "numbers", to: "/settings/numbers", permission: "numbers.read" },
  { id: "rules", to: "/settings/rules", permission: "numbers.read" },
  { id: "hours", to: "/settings/hours", permission: "office_hours.read" },
  { id: "replies", to: "/settings/replies", permission: "canned_replies.read" },
  { id: "fields", to: "/settings/fields", permission: "fields.read" },
  { id: "labels", to: "/settings/labels", permission: "labels.read" },
  { id: "usage", to: "/settings/usage", permission: "billing.read" },
  { id: "apiKeys", to: "/settings/api-keys", permission: "keys.manage" },
  { id: "audit", to: "/settings/audit", permission: "audit.own" },
];
