import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { fieldsQuery } from "../send/queries.ts";
import { useWords } from "../words/words.tsx";
import type { MergeField } from "./MergeTextArea.tsx";
import { BUILT_IN } from "./mergeFields.ts";

/** The fields that a text may name: those of every church, then its own. */
export function useMergeFields(): MergeField[] {
  const words = useWords().compose;
  const { data } = useQuery(fieldsQuery);
  return useMemo(() => {
    const builtIn = BUILT_IN.map((key) => ({
      key,
      label: words.fieldNames[key],
      fallback: key === "firstName" || key === "fullName" ? words.friend : "",
    }));
    const own = (data ?? []).map(({ key, label }) => ({ key, label, fallback: "" }));
    return [...builtIn, ...own];
  }, [words, data]);
}
