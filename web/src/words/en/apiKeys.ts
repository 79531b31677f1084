const subjects: Record<string, string> = {
  analytics: "Figures",
  audit: "Audit trail",
  billing: "Plan and usage",
  canned_replies: "Canned replies",
  church: "Church",
  conversations: "Conversations",
  fields: "Fields",
  files: "Pictures and files",
  keywords: "Keywords",
  labels: "Labels",
  messages: "Messages",
  numbers: "Numbers",
  office_hours: "Office hours",
  people: "People",
  team: "Team",
  templates: "Templates",
  webhooks: "Webhooks",
};

const levels: Record<string, string> = {
  read: "see",
  work: "see and change",
  manage: "see, change and manage",
  own: "as an owner",
};

const special: Record<string, string> = {
  "messages.work": "Messages: see, write and send",
  "conversations.work": "Conversations: see and answer",
};

export const apiKeys = {
  title: "API keys",
  why: "With a key another program works for your church: it sends, reads or keeps people up to date, and nothing that the key does not allow.",
  none: "No program has a key.",
  make: "Make a key",
  name: "Name",
  nameHint: "Which program is it for? It stands in the audit trail.",
  permissions: "What it may do",
  lifetime: "It works for",
  days: (count: number) => `${count} days`,
  ending: (hint: string) => `…${hint}`,
  until: (day: string) => `works until ${day}`,
  over: (day: string) => `ended ${day}`,
  expired: "Ended",
  used: (ago: string) => `last used ${ago}`,
  neverUsed: "never used",
  may: (list: string) => `May: ${list}`,
  shownOnce: (name: string) =>
    `This is the key of ${name}. It is shown only now: keep it where your program reads its secrets.`,
  removeWhy: "The program that uses it is refused within a minute. This cannot be undone.",
  permission(permission: string): string {
    const known = special[permission];
    if (known !== undefined) return known;
    const [subject = "", level = ""] = permission.split(".");
    return `${subjects[subject] ?? subject}: ${levels[level] ?? level}`;
  },
};
