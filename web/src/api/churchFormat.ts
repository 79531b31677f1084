import { type Format, useFormat } from "../words/format.ts";
import { useMe } from "./queries.ts";

/** Numbers and the times of what happens at the church: in its zone, wherever the reader is. */
export function useChurchFormat(): Format {
  return useFormat(useMe().church.timezone);
}
