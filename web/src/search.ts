type Search = Record<string, unknown>;

/* Readers of search parameters, for `validateSearch`. What does not fit is left out, so that an
   old or mangled address still opens its page. */

/** `?name=…` as text. */
export function text<Name extends string>(search: Search, name: Name): { [key in Name]?: string } {
  const value = search[name];
  if (typeof value === "number") return keyed(name, String(value));
  return typeof value === "string" && value !== "" ? keyed(name, value) : {};
}

/** `?name=true` */
export function flag<Name extends string>(search: Search, name: Name): { [key in Name]?: true } {
  return search[name] === true || search[name] === "true" ? keyed(name, true as const) : {};
}

/** `?name=…` as one of a few. */
export function oneOf<Name extends string, Value extends string>(
  search: Search,
  name: Name,
  values: readonly Value[],
): { [key in Name]?: Value } {
  const found = values.find((value) => value === search[name]);
  return found === undefined ? {} : keyed(name, found);
}

function keyed<Name extends string, Value>(name: Name, value: Value): { [key in Name]?: Value } {
  const made: { [key in Name]?: Value } = {};
  made[name] = value;
  return made;
}
