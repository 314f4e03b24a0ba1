// @vitest-environment happy-dom
import { afterEach, expect, test, vi } from "vitest";
import { BASIL, changed, house, type House, plant, settle } from "./house";
import { PlantVitaCard } from "./plant-card";
import "./plant-card";

const cards: PlantVitaCard[] = [];

async function put(at: House, config: object = {}): Promise<PlantVitaCard> {
  const card = document.createElement("plant-vita-card");
  card.setConfig({ type: "custom:plant-vita-card", device: BASIL, ...config });
  card.hass = at.hass;
  document.body.append(card);
  cards.push(card);
  await settle();
  await card.updateComplete;
  return card;
}

const text = (card: PlantVitaCard): string => card.shadowRoot!.textContent!.replaceAll(/\s+/g, " ");

afterEach(() => {
  for (const card of cards.splice(0)) card.remove();
});

test("four cards of a plant share one subscription, and end it with the last", async () => {
  const at = house();
  const four = await Promise.all([put(at), put(at), put(at, { layout: "compact" }), put(at)]);
  expect(at.subscriptions).toEqual([{ type: "plant_vita/plant/subscribe", device_id: BASIL, language: "en" }]);
  for (const card of four) card.remove();
  await settle();
  expect(at.stopped).toBe(1);
});

test("sixty changes elsewhere in the house draw nothing anew", async () => {
  const at = house();
  const card = await put(at);
  at.told(plant());
  await card.updateComplete;
  const drawn = vi.spyOn(card as unknown as { render(): unknown }, "render");
  for (let change = 0; change < 60; change++) {
    card.hass = changed(card.hass!, "sensor.elsewhere", String(change));
    await card.updateComplete;
  }
  expect(drawn).not.toHaveBeenCalled();
  card.hass = changed(card.hass!, "switch.basil_watering", "on");
  await card.updateComplete;
  expect(drawn).toHaveBeenCalledTimes(1);
});

test("it shows what is told, and follows it", async () => {
  const at = house();
  const card = await put(at);
  at.told(plant());
  await settle();
  await card.updateComplete;
  expect(text(card)).toContain("Basil");
  expect(text(card)).toContain("Healthy");
  expect(text(card)).toContain("target 30 to 60 %");
  expect(card.shadowRoot!.querySelector(".chart svg")).not.toBeNull();
  at.told(plant({ problem: true, reasons: ["moisture_too_low"], health: 30 }));
  await card.updateComplete;
  expect(text(card)).toContain("moisture too low");
  expect(text(card)).not.toContain("Healthy");
});

test("the light of today, with what it will come to, is on both cards and judged by the evening", async () => {
  const at = house();
  const light = { today: 3, by_evening: 9.2, yesterday: 8, stale: false, band: [2, 5, 10, 15] as [number, number, number, number] };
  const both = [await put(at), await put(at, { layout: "compact" })];
  at.told(plant({ light }));
  for (const card of both) {
    await card.updateComplete;
    const band = [...card.shadowRoot!.querySelectorAll("plant-vita-band")].at(-1)!;
    await band.updateComplete;
    expect([band.label, band.value, band.ahead]).toEqual(["Light today", 3, 9.2]);
    const root = band.shadowRoot!;
    expect(root.querySelector(".ahead")).not.toBeNull();
    expect(root.querySelector("[role=meter]")!.getAttribute("style")).toContain("--primary-text-color");
  }
  expect(text(both[0]!)).toContain("about 9.2 by evening");
  at.told(plant({ light: { ...light, by_evening: 4 } }));
  for (const card of both) {
    await card.updateComplete;
    const band = [...card.shadowRoot!.querySelectorAll("plant-vita-band")].at(-1)!;
    await band.updateComplete;
    expect(band.shadowRoot!.querySelector("[role=meter]")!.getAttribute("style")).toContain("--warning-color");
  }
});

test("what is not known is not called healthy", async () => {
  const at = house();
  const card = await put(at);
  at.told(plant({ problem: null, health: null }));
  await card.updateComplete;
  expect(text(card)).toContain("Not known");
  expect(text(card)).not.toContain("Healthy");
  expect(card.shadowRoot!.querySelector(".score")).toBeNull();
});

test("names and species with markup are text", async () => {
  const at = house();
  const card = await put(at);
  const evil = `<img src=x onerror="alert(1)">`;
  at.told(plant({ name: evil, species: evil, problem: true, reasons: [evil] }));
  await card.updateComplete;
  expect(card.shadowRoot!.querySelector("img")).toBeNull();
  expect(text(card).split(evil).length - 1).toBe(3);
});

test("a plant that is gone, or that may not be seen", async () => {
  const at = house();
  const card = await put(at);
  at.told(null);
  await card.updateComplete;
  expect(text(card)).toContain("This plant is not available");
});

test("a house that is still starting is asked again", async () => {
  vi.useFakeTimers();
  const at = house({ refuse: 2 });
  const card = await put(at);
  await vi.advanceTimersByTimeAsync(25_000);
  expect(at.subscriptions).toHaveLength(3);
  at.told(plant());
  vi.useRealTimers();
  await card.updateComplete;
  expect(text(card)).toContain("Basil");
});

test("a card without a plant says so when it is set up", () => {
  const card = document.createElement("plant-vita-card");
  expect(() => card.setConfig({ type: "custom:plant-vita-card" })).toThrow("Choose a plant");
});

test("without a pump there is no button, nor where it is not wanted", async () => {
  const at = house();
  const unwanted = await put(at, { water_button: false });
  at.told(plant());
  await unwanted.updateComplete;
  expect(unwanted.shadowRoot!.querySelector("plant-vita-water-button")).toBeNull();
  const states = { ...at.hass.states, "switch.basil_watering": undefined };
  const dry = await put({ ...at, hass: { ...at.hass, states } });
  expect(dry.shadowRoot!.querySelector("plant-vita-water-button")).toBeNull();
  const wet = await put(at);
  expect(wet.shadowRoot!.querySelector("plant-vita-water-button")).not.toBeNull();
});

test("the picker begins with a plant that there is", () => {
  expect(PlantVitaCard.getStubConfig(house().hass)).toEqual({ device: BASIL });
});
