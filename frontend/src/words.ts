// Words, numbers and times as the person who looks reads them.

import { DOMAIN, type Hass } from "./hass";
import { type Key, TEXTS } from "./texts";

const HOUR_S = 3600;
const DAY_S = 86_400;

export type Values = Record<string, string | number>;

/** One of the `texts`, in the reader's language or else in English, with its blanks filled in. */
export function spoken<K extends string>(
  texts: Record<string, Record<K, string>>,
  hass: Hass,
  key: K,
  values: Values = {},
): string {
  const { language } = hass.locale;
  const known = texts[language] ?? texts[language.split("-")[0] ?? ""] ?? texts["en"]!;
  return known[key].replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ""));
}

export const say = (hass: Hass, key: Key, values: Values = {}): string => spoken(TEXTS, hass, key, values);

export const number = (hass: Hass, value: number, digits = 0): string =>
  new Intl.NumberFormat(hass.locale.language, { maximumFractionDigits: digits }).format(value);

export const percent = (hass: Hass, share: number): string =>
  new Intl.NumberFormat(hass.locale.language, { style: "percent" }).format(share);

/**
 * "in 2 days", "3 hours ago", "yesterday"; the nearer it is, the finer. `at` in Unix seconds. Days
 * are those of the calendar, and rounded where Home Assistant's own tiles round: they stand beside it.
 */
export function relative(hass: Hass, at: number, now = Date.now() / 1000): string {
  const format = new Intl.RelativeTimeFormat(hass.locale.language, { numeric: "auto" });
  const seconds = at - now;
  const size = Math.abs(seconds);
  if (size < 60) return say(hass, "now");
  if (size < 59 * 60) return format.format(Math.round(seconds / 60), "minute");
  const days = midnight(hass, at) - midnight(hass, now);
  if (size < 22 * HOUR_S || !days) return format.format(Math.round(seconds / HOUR_S), "hour");
  return format.format(days, "day");
}

/** The number of a day in the house's time zone. */
function midnight(hass: Hass, at: number): number {
  const format = new Intl.DateTimeFormat("en-CA", { timeZone: hass.config.time_zone });
  return Date.parse(`${format.format(at * 1000)}T00:00:00Z`) / 1000 / DAY_S;
}

/** "5 minutes", "2 hours"; of `seconds`. */
export function span(hass: Hass, seconds: number): string {
  const [size, unit] = seconds < HOUR_S ? [60, "minute"] : [HOUR_S, "hour"];
  const format = { style: "unit", unit, unitDisplay: "long", maximumFractionDigits: 1 } as const;
  return new Intl.NumberFormat(hass.locale.language, format).format(seconds / size);
}

/** "Sat, Nov 21" in the house's time zone. */
export const day = (hass: Hass, at: number): string =>
  new Intl.DateTimeFormat(hass.locale.language, {
    weekday: "short",
    day: "numeric",
    month: "short",
    timeZone: hass.config.time_zone,
  }).format(new Date(at * 1000));

/** The integration's own words for why a plant has a problem. */
export function reason(hass: Hass, key: string): string {
  const path = `component.${DOMAIN}.entity.binary_sensor.plant_problem.state_attributes.reasons.state`;
  return hass.localize(`${path}.${key}`) || key.replaceAll("_", " ");
}
