// @vitest-environment happy-dom
import { afterEach, expect, test, vi } from "vitest";
import { dots, FOUND, type KeptPhoto, type Page } from "./growth";
import { BASIL, house, settle } from "./house";
import type { Hass } from "./hass";
import "./timeline";
import type { PlantVitaTimeline } from "./timeline";

const DAY_S = 86_400;
const EVIL = `<img src=x onerror="alert(1)">`;

const photo = (number: number, more: Partial<KeptPhoto> = {}): KeptPhoto => ({
  id: `p${number}`,
  taken: 1_790_000_000 + number * DAY_S,
  url: `/photo/${number}`,
  thumbnail: `/small/${number}`,
  green: 10 * number,
  growth: number > 1 ? 12 : null,
  findings: [],
  ...more,
});

let element: PlantVitaTimeline;
const asked: object[] = [];

async function put(page: (before: number | undefined) => Page | Promise<Page>): Promise<void> {
  const hass: Hass = {
    ...house().hass,
    callWS: <T>(message: object) => {
      asked.push(message);
      return Promise.resolve(page((message as { before?: number }).before)) as Promise<T>;
    },
  };
  element = document.createElement("plant-vita-timeline");
  Object.assign(element, { hass, device: BASIL });
  document.body.append(element);
  await drawn();
}

async function drawn(): Promise<void> {
  await settle();
  await element.updateComplete;
}

const root = (): ShadowRoot => element.shadowRoot!;
const text = (): string => root().textContent!.replaceAll(/\s+/g, " ");
const shown = (): (string | null)[] => [...root().querySelectorAll("figure img")].map((one) => one.getAttribute("src"));

afterEach(() => {
  element.remove();
  asked.length = 0;
});

test("the newest photo is shown with what is known of it, all others are small and lazy", async () => {
  const findings = [{ kind: "diagnose" as const, title: "Too much water", confidence: 0.72, text: "Roots rot.", providers: ["Plant.id"] }];
  await put(() => ({ photos: [photo(3, { findings }), photo(2), photo(1)], more: false }));
  expect(asked).toEqual([{ type: "plant_vita/photos/timeline", device_id: BASIL }]);
  expect(shown()).toEqual(["/photo/3"]);
  expect(text()).toContain("Green area: 30% of the picture");
  expect(text()).toContain("+12% since the photo before");
  expect(text()).toContain("Too much water · 72%");
  const small = [...root().querySelectorAll(".thumbnail img")];
  expect(small.map((one) => [one.getAttribute("src"), one.getAttribute("loading")])).toEqual([
    ["/small/1", "lazy"],
    ["/small/2", "lazy"],
    ["/small/3", "lazy"],
  ]);
});

test("the scrubber and a second photo beside it", async () => {
  await put(() => ({ photos: [photo(3), photo(2), photo(1)], more: false }));
  const scrubber = root().querySelector<HTMLInputElement>("input[type=range]")!;
  scrubber.value = "1";
  scrubber.dispatchEvent(new Event("input"));
  await drawn();
  expect(shown()).toEqual(["/photo/2"]);
  const select = root().querySelector("select")!;
  select.value = "p1";
  select.dispatchEvent(new Event("change"));
  await drawn();
  expect(shown()).toEqual(["/photo/2", "/photo/1"]);
});

test("earlier photos come when they are asked for, and the one that is looked at stays", async () => {
  await put((before) =>
    before === undefined
      ? { photos: [photo(3), photo(2)], more: true }
      : { photos: [photo(1)], more: false },
  );
  [...root().querySelectorAll("button")].find((one) => one.textContent!.includes("Earlier photos"))!.click();
  await drawn();
  expect(asked[1]).toMatchObject({ before: photo(2).taken });
  expect(root().querySelectorAll(".thumbnail")).toHaveLength(3);
  expect(shown()).toEqual(["/photo/3"]);
  expect(text()).not.toContain("Earlier photos");
});

test("what was found is text", async () => {
  const findings = [{ kind: "identify" as const, title: EVIL, confidence: null, text: EVIL, providers: [EVIL] }];
  await put(() => ({ photos: [photo(1, { findings })], more: false }));
  expect(root().querySelectorAll("figure img")).toHaveLength(1);
  expect(text().split(EVIL).length - 1).toBe(3);
});

test("no photos, and none that can be had", async () => {
  await put(() => ({ photos: [], more: false }));
  expect(text()).toContain("There are no photos of this plant yet.");
  element.remove();
  let broken = true;
  await put(() => (broken ? Promise.reject(new Error("gone")) : { photos: [photo(1)], more: false }));
  expect(text()).toContain("The photos could not be loaded.");
  broken = false;
  root().querySelector("button")!.click();
  await drawn();
  expect(shown()).toEqual(["/photo/1"]);
});

test("an address that is too old is asked for anew, once and not for ever", async () => {
  await put(() => ({ photos: [photo(1)], more: false }));
  for (let time = 0; time < 3; time++) {
    root().querySelector("figure img")!.dispatchEvent(new Event("error"));
    await drawn();
  }
  expect(asked).toHaveLength(2);
});

test("a photo that was kept meanwhile is there without a reload", async () => {
  let photos = [photo(1)];
  await put(() => ({ photos, more: false }));
  photos = [photo(2), photo(1)];
  element.latest = "2026-11-21T12:00:00+00:00";
  await drawn();
  expect(shown()).toEqual(["/photo/2"]);
  // And so is what was found in one that was there before, once somebody has asked about it.
  photos = [photo(2, { findings: [{ kind: "identify", title: "Basil", confidence: 0.9, text: "", providers: [] }] })];
  window.dispatchEvent(new Event(FOUND));
  await drawn();
  expect(text()).toContain("Basil · 90%");
});

test("a new state elsewhere in the house asks and draws nothing", async () => {
  await put(() => ({ photos: [photo(1)], more: false }));
  const render = vi.spyOn(element as unknown as { render(): unknown }, "render");
  for (let change = 0; change < 60; change++) {
    element.hass = { ...element.hass };
    await element.updateComplete;
  }
  expect(render).not.toHaveBeenCalled();
  expect(asked).toHaveLength(1);
});

test("the curve begins at the left, ends at the right, and stands on none", () => {
  const places = dots([photo(1, { green: 0 }), photo(2, { green: 5 }), photo(3, { green: 10 })], 100, 50);
  expect(places).toEqual([
    { x: 10, y: 40 },
    { x: 50, y: 25 },
    { x: 90, y: 10 },
  ]);
  expect(dots([photo(1, { green: 0 })], 100, 50)).toEqual([{ x: 10, y: 40 }]);
});
