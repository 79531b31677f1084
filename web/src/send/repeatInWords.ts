import { useLanguage, useWords } from "../words/words.tsx";
import { type Repeat, weekOfMonth } from "./repeat.ts";

/** How often something leaves whose first time is `localTime`, in words. */
export function useRepeatsInWords(localTime: string): (repeat: Repeat) => string {
  const { repeats } = useWords().send;
  const { language } = useLanguage();
  const day = localTime.slice(0, 10);
  const weekday = new Intl.DateTimeFormat(language, { weekday: "long", timeZone: "UTC" });
  const named = () => weekday.format(new Date(`${day}T12:00:00Z`));
  return (repeat) => {
    switch (repeat.every) {
      case "weekly":
        return repeats.weekly(named());
      case "weekday":
        return repeats.weekday(named(), weekOfMonth(localTime));
      case "monthly":
        return repeats.monthly(String(Number(day.slice(8))));
      case "custom":
        return repeats.custom(repeat.rule ?? "");
      default:
        return repeats[repeat.every]();
    }
  };
}
