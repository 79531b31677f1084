import { useQuery } from "@tanstack/react-query";
import { groupsQuery } from "../groups/queries.ts";
import { numbersQuery } from "../settings/queries.ts";
import type { FILTERS } from "./filters.ts";
import { prettyPhone } from "./names.ts";
import { labelsQuery } from "./queries.ts";

export type Filter = (typeof FILTERS)[number];

/** What each filter can be set to, by its id and its name. Only those that are wanted are fetched. */
export function useFilterChoices(isWanted: (filter: Filter) => boolean) {
  const labels = useQuery({ ...labelsQuery, enabled: isWanted("label") });
  const groups = useQuery({ ...groupsQuery, enabled: isWanted("group") });
  const numbers = useQuery({ ...numbersQuery, enabled: isWanted("number") });
  const failed = [labels, groups, numbers].find(({ isError, data }) => isError && !data);
  return {
    failed,
    choices: {
      label: labels.data,
      group: groups.data?.map(({ id, name, branchName }) => ({ id, name, note: branchName })),
      number: numbers.data?.map(({ id, phoneNumber, label }) => ({
        id,
        name: prettyPhone(phoneNumber),
        note: label ?? "",
      })),
    } satisfies Record<Filter, { id: string; name: string; note?: string }[] | undefined>,
  };
}
