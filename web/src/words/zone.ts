/**
 * The instant of a wall time ("2026-12-24T18:30") in an IANA zone. An hour that the zone skips in
 * spring is read with the clock as it was before, so it comes an hour later; of an hour that comes
 * twice in autumn the first is meant.
 */
export function instantOf(wallTime: string, zone: string): Date {
  const wanted = Date.parse(`${wallTime.slice(0, 16)}:00Z`);
  const before = offset(new Date(wanted - DAY_MS), zone);
  const after = offset(new Date(wanted + DAY_MS), zone);
  const candidates = [before, after].map((each) => new Date(wanted - each));
  return (
    candidates.find((at) => at.getTime() + offset(at, zone) === wanted) ?? new Date(wanted - before)
  );
}

/** The wall time of an instant in a zone, as `<input type="datetime-local">` takes it. */
export function wallTimeOf(instant: Date, zone: string): string {
  return new Date(instant.getTime() + offset(instant, zone)).toISOString().slice(0, 16);
}

const DAY_MS = 24 * 60 * 60_000;

/** How far the zone's clocks are ahead of UTC at an instant, in milliseconds. */
function offset(instant: Date, zone: string): number {
  const parts = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  }).formatToParts(instant);
  const of = (type: Intl.DateTimeFormatPartTypes) =>
    Number(parts.find((part) => part.type === type)?.value);
  const wall = Date.UTC(
    of("year"),
    of("month") - 1,
    of("day"),
    of("hour"),
    of("minute"),
    of("second"),
  );
  return wall - Math.floor(instant.getTime() / 1_000) * 1_000;
}
