import { locale, useLanguage } from "./words.tsx";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** What is the same in every zone, as the reader's language writes it. */
export interface Figures {
  number: (value: number) => string;
  percent: (share: number) => string;
  /** Dollars from the API's exact string. */
  money: (dollars: string) => string;
  /** "in 5 minutes", "2 hours ago" */
  ago: (instant: string | Date, now?: Date) => string;
  /** As `ago`, and "5 seconds ago" at first: for what is written anew while one looks. */
  since: (instant: string | Date, now: Date) => string;
  list: (words: string[]) => string;
}

/** Times besides: each is the time of some zone, so there is none without one. */
export interface Format extends Figures {
  /** "10:42 AM" */
  time: (instant: string | Date) => string;
  /** "Sunday, November 30" */
  day: (instant: string | Date) => string;
  /** "Nov 30, 10:42 AM", for lists and reports; with the year when it is another one. */
  moment: (instant: string | Date) => string;
  /** The time today, the weekday this week, else the date: for the rows of an inbox. */
  short: (instant: string | Date, now?: Date) => string;
}

const made = new Map<string, Format>(); // what `Intl` builds is slow, and each row of a list asks

/** `zone` is an IANA name; without it the reader's own. */
export function formatFor(tag: string, zone?: string): Format {
  const name = `${tag} ${zone ?? ""}`;
  const format = made.get(name) ?? newFormat(tag, zone);
  made.set(name, format);
  return format;
}

function newFormat(tag: string, zone: string | undefined): Format {
  const timeZone = zone === undefined ? {} : { timeZone: zone };
  const number = new Intl.NumberFormat(tag);
  const percent = new Intl.NumberFormat(tag, { style: "percent", maximumFractionDigits: 1 });
  const money = new Intl.NumberFormat(tag, { style: "currency", currency: "USD" });
  const time = new Intl.DateTimeFormat(tag, { timeStyle: "short", ...timeZone });
  const day = dates(tag, { weekday: "long", month: "long", day: "numeric", ...timeZone });
  const date = dates(tag, { month: "short", day: "numeric", ...timeZone });
  const dated = dates(tag, { year: "numeric", month: "short", day: "numeric", ...timeZone });
  const weekday = dates(tag, { weekday: "short", ...timeZone });
  const key = dates("en-CA", { year: "numeric", month: "2-digit", day: "2-digit", ...timeZone });
  const relative = new Intl.RelativeTimeFormat(tag, { numeric: "auto" });
  const list = new Intl.ListFormat(tag);

  const yearOf = (at: Date) => key.format(at).slice(0, 4);
  const withYear = (at: Date, now: Date) =>
    yearOf(at) === yearOf(now) ? date.format(at) : dated.format(at);
  const format: Format = {
    number: (value) => number.format(value),
    percent: (share) => percent.format(share),
    money: (dollars) => money.format(Number(dollars)),
    time: (instant) => time.format(asDate(instant)),
    day: (instant) => day.format(asDate(instant)),
    moment(instant) {
      const at = asDate(instant);
      return `${withYear(at, new Date())}, ${time.format(at)}`;
    },
    short(instant, now = new Date()) {
      const at = asDate(instant);
      if (key.format(at) === key.format(now)) return time.format(at);
      const age = now.getTime() - at.getTime();
      return age > 0 && age < 6 * DAY ? weekday.format(at) : withYear(at, now);
    },
    ago(instant, now = new Date()) {
      const passed = asDate(instant).getTime() - now.getTime();
      const size = Math.abs(passed);
      if (size < HOUR) return relative.format(Math.round(passed / MINUTE), "minute");
      if (size < DAY) return relative.format(Math.round(passed / HOUR), "hour");
      return relative.format(Math.round(passed / DAY), "day");
    },
    since(instant, now) {
      const passed = Math.min(0, asDate(instant).getTime() - now.getTime());
      if (passed <= -MINUTE) return format.ago(instant, now);
      return relative.format(Math.round(passed / 1_000), "second");
    },
    list: (words) => list.format(words),
  };
  return format;
}

/** Times need a zone: `useChurchFormat()` gives the church's, for what happens there. */
export function useFormat(): Figures;
export function useFormat(zone: string): Format;
export function useFormat(zone?: string): Format {
  const { language } = useLanguage();
  return formatFor(locale(language), zone);
}

/** The zone of the device, for what happens at it. */
export function ownZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}

function dates(tag: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat(tag, options);
}

function asDate(instant: string | Date): Date {
  return typeof instant === "string" ? new Date(instant) : instant;
}
