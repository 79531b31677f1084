import { plurals } from "../plural.ts";

const count = plurals("en");

export const inbox = {
  title: "Inbox",
  waiting: (conversations: number) =>
    conversations === 0
      ? "Nobody waits for an answer"
      : `${count(conversations, "conversation", "conversations")} unread`,
  emptyWhy: "Who answers one of your texts, or writes by themselves, appears here.",
};
