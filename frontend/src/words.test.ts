import { expect, test } from "vitest";
import { house } from "./house";
import { TEXTS } from "./texts";
import { day, reason, relative, say } from "./words";

const { hass } = house();
const places = (text: string): string[] => (text.match(/\{\w+\}/g) ?? []).sort();

test("every language says everything, with the same blanks", () => {
  expect(Object.keys(TEXTS)).toEqual(["en", "de", "nl", "fr", "es"]);
  for (const [key, text] of Object.entries(TEXTS["en"]!)) {
    for (const language of Object.values(TEXTS)) {
      const other = language[key as keyof typeof language];
      expect(other).toBeTruthy();
      expect(places(other)).toEqual(places(text));
    }
  }
});

test("a language with a region, or one that nobody has translated", () => {
  const speaking = (language: string) => ({ ...hass, locale: { language } });
  expect(say(speaking("de-CH"), "water")).toBe("Gießen");
  expect(say(speaking("pt-BR"), "water")).toBe("Water");
});

test("times are as fine as they are near", () => {
  expect(relative(hass, 30, 0)).toBe("now");
  expect(relative(hass, -1200, 0)).toBe("20 minutes ago");
  expect(relative(hass, 7200, 0)).toBe("in 2 hours");
  expect(relative(hass, 2.2 * 86_400, 0)).toBe("in 2 days");
  // As Home Assistant's tiles say it: from 22 hours on by the calendar, which is Amsterdam's.
  const noon = Date.parse("2026-11-21T11:00:00Z") / 1000;
  expect(relative(hass, noon - 21.6 * 3600, noon)).toBe("22 hours ago");
  expect(relative(hass, noon - 23 * 3600, noon)).toBe("yesterday");
  expect(relative(hass, noon - 35 * 3600, noon)).toBe("yesterday");
  expect(relative(hass, noon - 37 * 3600, noon)).toBe("2 days ago");
  expect(relative(hass, noon + 5400, noon)).toBe("in 2 hours");
});

test("days are the house's, not the browser's", () => {
  // 23:30 in London is the next day in Amsterdam.
  expect(day(hass, Date.parse("2026-11-20T23:30:00Z") / 1000)).toBe("Sat, Nov 21");
});

test("reasons are the integration's words, and readable where it has none", () => {
  const asked: string[] = [];
  const localize = (key: string): string => (asked.push(key), key.endsWith("too_low") ? "Too dry" : "");
  expect(reason({ ...hass, localize }, "moisture_too_low")).toBe("Too dry");
  expect(asked[0]).toBe(
    "component.plant_vita.entity.binary_sensor.plant_problem.state_attributes.reasons.state.moisture_too_low",
  );
  expect(reason({ ...hass, localize }, "light_stale")).toBe("light stale");
});
