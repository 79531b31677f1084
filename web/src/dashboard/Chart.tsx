import type { Dashboard } from "@koinonia/client";
import { useEffect, useRef } from "react";
import UPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { useTheme } from "../style/theme.ts";
import { locale, useLanguage } from "../words/words.tsx";

const HEIGHT = 240;

/** Days on canvas; its words stand in the table beside it. A chunk of its own. */
export default function Chart({ days }: { days: Dashboard["daily"] }) {
  const frame = useRef<HTMLDivElement>(null);
  const theme = useTheme();
  const { language } = useLanguage();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme is read through the page
  useEffect(() => {
    const place = frame.current;
    if (place === null) return undefined;
    const draw = () => new UPlot(options(place, locale(language)), data(days), place);
    let plot = draw();
    const resized = new ResizeObserver(() =>
      plot.setSize({ width: place.clientWidth, height: HEIGHT }),
    );
    resized.observe(place);
    const redraw = () => {
      plot.destroy();
      place.style.colorScheme = isPrinted() ? "light" : ""; // paper is light
      plot = draw();
    };
    const media = [matchMedia("(prefers-color-scheme: dark)"), matchMedia("print")];
    for (const each of media) each.addEventListener("change", redraw);
    return () => {
      for (const each of media) each.removeEventListener("change", redraw);
      resized.disconnect();
      plot.destroy();
    };
  }, [days, theme, language]);
  return <div ref={frame} />;
}

function isPrinted(): boolean {
  return matchMedia("print").matches;
}

function data(days: Dashboard["daily"]): UPlot.AlignedData {
  return [
    days.map(({ date }) => Date.parse(`${date}T00:00:00Z`) / 1_000),
    days.map(({ recipients }) => recipients),
    days.map(({ delivered }) => delivered),
    days.map(({ replies }) => replies),
  ];
}

function options(place: HTMLElement, tag: string): UPlot.Options {
  const colour = (token: string) => resolved(place, token);
  const month = new Intl.DateTimeFormat(tag, { month: "short", day: "numeric", timeZone: "UTC" });
  const number = new Intl.NumberFormat(tag, { notation: "compact" });
  const axis = {
    stroke: colour("--text-muted"),
    grid: { stroke: colour("--line"), width: 1 },
    ticks: { show: false },
    font: `12px ${getComputedStyle(place).fontFamily}`,
  };
  return {
    width: place.clientWidth,
    height: HEIGHT,
    legend: { show: false },
    cursor: { show: false },
    tzDate: (seconds) => UPlot.tzDate(new Date(seconds * 1_000), "Etc/UTC"),
    scales: { y: { range: (_plot, _low, high) => [0, Math.max(4, high * 1.1)] } },
    axes: [
      { ...axis, values: (_plot, marks) => marks.map((mark) => month.format(mark * 1_000)) },
      {
        ...axis,
        size: 52,
        incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5, 1e6],
        values: (_plot, marks) => marks.map((mark) => number.format(mark)),
      },
    ],
    series: [
      {},
      { stroke: colour("--accent"), width: 2.5, points: { show: false } },
      { stroke: colour("--info-text"), width: 2, dash: [8, 5], points: { show: false } },
      { stroke: colour("--warning-text"), width: 2, dash: [2, 4], points: { show: false } },
    ],
  };
}

/** A token as canvas takes it: `light-dark()` is resolved only where an element wears it. */
function resolved(place: HTMLElement, token: string): string {
  const probe = document.createElement("span");
  probe.style.color = `var(${token})`;
  place.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}
