import { useQuery } from "@tanstack/react-query";
import { type KeyboardEvent, useId, useState } from "react";
import { useMe } from "../api/queries.ts";
import { begunMention, fitting, type Named } from "./mentions.ts";
import { fullName } from "./names.ts";
import { teamQuery } from "./queries.ts";

/** Everybody of the team as notes name them. */
export function useTeamNames(): Named[] {
  const { data } = useQuery(teamQuery);
  return data?.map((each) => ({ id: each.id, name: fullName(each) || each.email })) ?? [];
}

/** The colleagues that are offered at an @, and the keys that choose among them. */
export function useMentions(
  text: string,
  caret: number,
  insert: (start: number, end: number, name: string) => void,
) {
  const id = useId();
  const { admin } = useMe();
  const team = useTeamNames();
  const [row, setRow] = useState(0);
  const [closedAt, setClosedAt] = useState<number>();
  const begun = begunMention(text, caret);
  const isBegun = begun !== undefined && begun.start !== closedAt;
  const others = team.filter((each) => each.id !== admin.id);
  const options = isBegun ? fitting(others, begun.typed) : [];
  const active = Math.min(row, Math.max(0, options.length - 1));
  const choose = ({ name }: Named) => {
    setRow(0);
    if (begun === undefined) return;
    setClosedAt(begun.start); // "Ann" is chosen, and not the beginning of "Ann Lee"
    insert(begun.start, caret, `@${name} `);
  };

  const onKeyDown = (event: KeyboardEvent): boolean => {
    if (event.key === "@") setClosedAt(undefined);
    if (options.length === 0) return false;
    const chosen = options[active];
    const isModified = event.ctrlKey || event.metaKey;
    if (event.key === "Escape") setClosedAt(begun?.start);
    else if (event.key === "ArrowDown") setRow((active + 1) % options.length);
    else if (event.key === "ArrowUp") setRow((active + options.length - 1) % options.length);
    else if ((event.key === "Enter" || event.key === "Tab") && chosen && !isModified) {
      choose(chosen);
    } else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  };
  return {
    team,
    options,
    active,
    choose,
    onKeyDown,
    listId: options.length > 0 ? id : undefined,
    activeId: options.length > 0 ? `${id}-${active}` : undefined,
  };
}
