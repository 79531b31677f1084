import { type Member, ok } from "@koinonia/client";
import { keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { api } from "../api/client.ts";
import { useSettled } from "../send/useSettled.ts";
import { ListState } from "../ui/ListState.tsx";
import { Row, Rows } from "../ui/Rows.tsx";
import { SearchField } from "../ui/SearchField.tsx";
import { phoneText } from "../words/phone.ts";
import { useWords } from "../words/words.tsx";
import { fullName } from "./names.ts";

const ASKED_AFTER_MS = 200;

/** Finds people by name or phone; `action` stands beside each. */
export function FoundPeople(props: {
  first?: string;
  /** Whom not to show. */
  without?: string;
  action: (member: Member) => ReactNode;
}) {
  const words = useWords();
  const [typed, setTyped] = useState(props.first ?? "");
  const search = useSettled(typed.trim(), ASKED_AFTER_MS);
  const { without } = props;
  const query = useQuery({
    ...foundQuery(search),
    select: ({ data }) => data.filter(({ id }) => id !== without),
  });
  return (
    <>
      <SearchField label={words.people.search} value={typed} onChange={setTyped} autoFocus />
      <ListState query={query} empty={<p className="muted">{words.common.noMatches}</p>}>
        {(members) => (
          <Rows label={words.people.title}>
            {members.map((member) => (
              <Row
                key={member.id}
                title={fullName(member)}
                note={phoneText(member.phone)}
                actions={props.action(member)}
              />
            ))}
          </Rows>
        )}
      </ListState>
    </>
  );
}

function foundQuery(search: string) {
  return queryOptions({
    queryKey: ["members", "search", search],
    queryFn: ({ signal }) =>
      ok(api.GET("/api/members", { params: { query: { search, limit: 20 } }, signal })),
    placeholderData: keepPreviousData,
  });
}
