import { ok } from "@koinonia/client";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { api } from "../api/client.ts";
import { useMay, useMe } from "../api/queries.ts";
import { groupsQuery } from "../groups/queries.ts";
import { fullName, nameOf, prettyPhone } from "../inbox/names.ts";
import { keywordsQuery } from "../keywords/queries.ts";
import { templatesToUseQuery } from "../send/queries.ts";
import { SECTIONS } from "../settings/sections.ts";
import { useEntries } from "../shell/Rail.tsx";
import type { IconName } from "../ui/Icon.tsx";
import { useWords } from "../words/words.tsx";
import { fits } from "./fits.ts";

/** A place that the palette leads to. */
export interface Goal {
  key: string;
  icon: IconName;
  name: string;
  /** What it is: a page, a group; of a person the phone. */
  note: string;
  go: () => void;
}

const MIN_LETTERS = 2;
const MOST_OF_A_KIND = 6;

/** Everything that fits what was typed: pages first, then what the church has. */
export function useGoals(typed: string): Goal[] {
  return [
    ...usePages(typed),
    ...useTalk(typed),
    ...useGroups(typed),
    ...useTemplates(typed),
    ...useKeywords(typed),
  ];
}

/** Those of the navigation, and once a word is typed also those below them. */
function usePages(typed: string): Goal[] {
  const words = useWords();
  const navigate = useNavigate();
  const { permissions } = useMe();
  const mayImport = useMay("people.work");
  const { pages } = words.navigation;
  const main = useEntries().map((entry) => ({
    key: `page-${entry.id}`,
    icon: entry.icon,
    name: pages[entry.id],
    note: words.keys.page,
    go: () => void navigate({ to: entry.to }),
  }));
  const below = SECTIONS.filter(
    ({ permission }) => permission === undefined || permissions.includes(permission),
  ).map(({ id, to }) => ({
    key: `settings-${id}`,
    icon: "gear" as const,
    name: words.settings.sections[id],
    note: pages.settings,
    go: () => void navigate({ to }),
  }));
  const importing = {
    key: "import",
    icon: "upload" as const,
    name: words.imports.title,
    note: pages.people,
    go: () => void navigate({ to: "/people/import" }),
  };
  if (typed === "") return main;
  return [...main, ...(mayImport ? [importing] : []), ...below].filter(({ name, note }) =>
    fits(`${note} ${name}`, typed),
  );
}

/** People of that name, conversations in which it was said, and a text to who has none yet. */
function useTalk(typed: string): Goal[] {
  const words = useWords().keys;
  const navigate = useNavigate();
  const conversations = useConversations(typed);
  const members = useMembers(typed);
  const mayWrite = useMay("conversations.work");
  const openThread = (conversationId: string) =>
    navigate({ to: "/inbox/{-$conversationId}", params: { conversationId }, search: {} });
  const write = async (memberId: string) => {
    const { id } = await ok(api.POST("/api/conversations", { body: { memberId } }));
    await openThread(id);
  };
  const spokenTo = new Set(conversations.map(({ member }) => member?.id));
  return [
    ...members.map((member) => ({
      key: `person-${member.id}`,
      icon: "person" as const,
      name: fullName(member),
      note: prettyPhone(member.phone),
      go: () => void navigate({ to: "/people/$memberId", params: { memberId: member.id } }),
    })),
    ...conversations.map((conversation) => ({
      key: `conversation-${conversation.id}`,
      icon: "message" as const,
      name: nameOf(conversation),
      note: words.conversation,
      go: () => void openThread(conversation.id),
    })),
    ...members
      .filter(({ id }) => mayWrite && !spokenTo.has(id))
      .map((member) => ({
        key: `write-${member.id}`,
        icon: "edit" as const,
        name: words.writeTo(fullName(member)),
        note: words.conversation,
        go: () => void write(member.id),
      })),
  ];
}

function useConversations(typed: string) {
  const mayRead = useMay("conversations.read");
  const query = { q: typed, limit: MOST_OF_A_KIND };
  const { data } = useQuery({
    queryKey: ["conversations", "find", typed],
    queryFn: ({ signal }) =>
      ok(api.GET("/api/conversations/search", { params: { query }, signal })),
    enabled: mayRead && typed.length >= MIN_LETTERS,
  });
  const found = new Map(data?.data.map(({ conversation }) => [conversation.id, conversation]));
  return [...found.values()];
}

function useMembers(typed: string) {
  const mayRead = useMay("people.read");
  const query = { search: typed, limit: MOST_OF_A_KIND };
  const { data } = useQuery({
    queryKey: ["members", "find", typed],
    queryFn: ({ signal }) => ok(api.GET("/api/members", { params: { query }, signal })),
    enabled: mayRead && typed.length >= MIN_LETTERS,
  });
  return data?.data ?? [];
}

function useGroups(typed: string): Goal[] {
  const words = useWords().keys;
  const navigate = useNavigate();
  const isWanted = useMay("people.read") && typed.length >= MIN_LETTERS;
  const { data } = useQuery({ ...groupsQuery, enabled: isWanted });
  return found(data, typed, isWanted).map(({ id, name }) => ({
    key: `group-${id}`,
    icon: "group",
    name,
    note: words.group,
    go: () => void navigate({ to: "/groups/$groupId", params: { groupId: id } }),
  }));
}

function useTemplates(typed: string): Goal[] {
  const words = useWords().keys;
  const navigate = useNavigate();
  const isWanted = useMay("templates.read") && typed.length >= MIN_LETTERS;
  const { data } = useQuery({ ...templatesToUseQuery, enabled: isWanted });
  return found(data, typed, isWanted).map(({ id, name }) => ({
    key: `template-${id}`,
    icon: "template",
    name,
    note: words.template,
    go: () => void navigate({ to: "/templates", search: { search: name } }),
  }));
}

function useKeywords(typed: string): Goal[] {
  const words = useWords().keys;
  const navigate = useNavigate();
  const isWanted = useMay("keywords.read") && typed.length >= MIN_LETTERS;
  const { data } = useQuery({ ...keywordsQuery, enabled: isWanted });
  const named = data?.map((keyword) => ({ ...keyword, name: keyword.word }));
  return found(named, typed, isWanted).map(({ id, name }) => ({
    key: `keyword-${id}`,
    icon: "keyword",
    name,
    note: words.keyword,
    go: () => void navigate({ to: "/keywords", search: { open: id } }),
  }));
}

/** Of a list that is here whole, the first few whose name fits. */
function found<Item extends { name: string }>(
  items: Item[] | undefined,
  typed: string,
  isWanted: boolean,
): Item[] {
  if (items === undefined || !isWanted) return [];
  return items.filter(({ name }) => fits(name, typed)).slice(0, MOST_OF_A_KIND);
}
