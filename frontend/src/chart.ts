import { svg, type SVGTemplateResult } from "lit";
import type { Curves } from "./plant";

const WIDTH = 320;
const HEIGHT = 72;
const WEEK_S = 7 * 86_400;
// A line that bridges a longer silence would tell what nobody has measured.
const GAP_S = 6 * 3600;

export interface Shapes {
  line: string;
  fan: string;
  median: string;
  zone: { y: number; height: number } | null;
  now: number;
  watered: number[];
}

/** Curves in points of the picture; pure, so that it can be tested without one. */
export function shapes(curves: Curves, width = WIDTH, height = HEIGHT): Shapes {
  const end = curves.forecast.at(-1)?.[0] ?? curves.now;
  const last = Math.min(Math.max(end, curves.now + 1), curves.now + WEEK_S);
  const values = [
    ...curves.history.map(([, value]) => value),
    ...curves.forecast.flatMap(([, low, , high]) => [low, high]),
    ...(curves.target ?? []),
  ];
  const bottom = Math.min(...values) - 4;
  const top = Math.max(...values) + 4;
  const x = (time: number): number => round(((time - curves.start) / (last - curves.start)) * width);
  const y = (value: number): number => round(height - ((value - bottom) / (top - bottom)) * height);
  const path = (points: [number, number][]): string =>
    points
      .map(([time, value], index) => {
        const before = points[index - 1];
        const joined = before !== undefined && time - before[0] <= GAP_S;
        return `${joined ? "L" : "M"}${x(time)} ${y(value)}`;
      })
      .join("");
  const straight = (points: [number, number][]): string =>
    points.map(([time, value], index) => `${index ? "L" : "M"}${x(time)} ${y(value)}`).join("");
  const upper = curves.forecast.map(([time, , , high]): [number, number] => [time, high]);
  const lower = curves.forecast.map(([time, low]): [number, number] => [time, low]).reverse();
  return {
    line: path(curves.history),
    fan: upper.length > 1 ? `${straight(upper)}${straight(lower).replace("M", "L")}Z` : "",
    median: straight(curves.forecast.map(([time, , median]) => [time, median])),
    zone: curves.target && { y: y(curves.target[1]), height: y(curves.target[0]) - y(curves.target[1]) },
    now: x(curves.now),
    watered: curves.watered.filter((time) => time >= curves.start).map(x),
  };
}

const round = (value: number): number => Math.round(value * 10) / 10;

/** A week of moisture, the range where it is good, the waterings, and the fan of the forecast. */
export function chart(curves: Curves, label: string): SVGTemplateResult {
  const { line, fan, median, zone, now, watered } = shapes(curves);
  const upright = (at: number, stroke: string, dashes: string): SVGTemplateResult =>
    svg`<line x1=${at} x2=${at} y1="0" y2=${HEIGHT} stroke=${stroke} stroke-dasharray=${dashes}
      vector-effect="non-scaling-stroke"/>`;
  return svg`<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img"
      aria-label=${label}>
    ${zone && svg`<rect width=${WIDTH} y=${zone.y} height=${zone.height} fill="var(--pv-soft)"/>`}
    <path d=${fan} fill="color-mix(in srgb, var(--primary-color) 26%, transparent)"/>
    <path d=${median} fill="none" stroke="var(--primary-color)" stroke-width="1.5"
      stroke-dasharray="4 3" vector-effect="non-scaling-stroke"/>
    <path d=${line} fill="none" stroke="var(--primary-color)" stroke-width="2"
      vector-effect="non-scaling-stroke"/>
    ${watered.map((at) => upright(at, "var(--pv-wet)", "2 2"))}
    ${upright(now, "var(--secondary-text-color)", "")}
  </svg>`;
}
