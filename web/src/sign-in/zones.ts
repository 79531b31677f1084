/** The zone of this device; the server knows the same names. */
export function guessedZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone || "America/New_York";
}

/** Every zone the browser knows, those of America first, since that is where churches text. */
export function zones(): string[] {
  const known = Intl.supportedValuesOf("timeZone");
  const own = guessedZone();
  const all = known.includes(own) ? known : [own, ...known];
  const isNear = (zone: string) => zone.startsWith("America/") || zone.startsWith("Pacific/Hon");
  return [...all.filter(isNear), ...all.filter((zone) => !isNear(zone))];
}

/** "America/New_York" → "New York (America)" */
export function zoneName(zone: string): string {
  const [area = zone, ...place] = zone.replaceAll("_", " ").split("/");
  return place.length === 0 ? area : `${place.reverse().join(", ")} (${area})`;
}
