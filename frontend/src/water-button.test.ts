// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { BASIL, changed, house, type House, settle } from "./house";
import type { Hass } from "./hass";
import "./water-button";
import { HOLD_MS, type PlantVitaWaterButton } from "./water-button";
import { wateringOf } from "./watering";

let at: House;
let element: PlantVitaWaterButton;

async function put(hass: Hass, preview = false): Promise<HTMLButtonElement> {
  element?.remove();
  element = document.createElement("plant-vita-water-button");
  Object.assign(element, { hass, watering: wateringOf(hass, BASIL), preview });
  document.body.append(element);
  await element.updateComplete;
  return element.shadowRoot!.querySelector("button")!;
}

const pointer = (button: HTMLElement, type: string): boolean => button.dispatchEvent(new PointerEvent(type, { button: 0 }));

function hold(button: HTMLElement, ms: number): void {
  pointer(button, "pointerdown");
  vi.advanceTimersByTime(ms);
  pointer(button, "pointerup");
  button.click();
}

beforeEach(() => {
  vi.useFakeTimers();
  at = house();
});
afterEach(() => vi.useRealTimers());

test("a short tap never waters", async () => {
  const button = await put(at.hass);
  hold(button, HOLD_MS - 100);
  vi.advanceTimersByTime(60_000);
  expect(at.callService).not.toHaveBeenCalled();
});

test("many short taps never water", async () => {
  const button = await put(at.hass);
  for (let tap = 0; tap < 20; tap++) hold(button, 200);
  expect(at.callService).not.toHaveBeenCalled();
});

test("a hold waters once, through the switch", async () => {
  const button = await put(at.hass);
  hold(button, 5 * HOLD_MS);
  expect(at.callService.mock.calls).toEqual([["switch", "turn_on", {}, { entity_id: "switch.basil_watering" }]]);
});

test("it keeps its width while it is held, whatever it says", async () => {
  const button = await put(at.hass);
  Object.defineProperty(button, "offsetWidth", { value: 187 });
  pointer(button, "pointerdown");
  expect(button.style.width).toBe("187px");
  pointer(button, "pointerup");
  expect(button.style.width).toBe("");
});

test("a finger that slides off, or a card that goes, waters nothing", async () => {
  const button = await put(at.hass);
  pointer(button, "pointerdown");
  pointer(button, "pointerleave");
  vi.advanceTimersByTime(60_000);
  pointer(button, "pointerdown");
  element.remove();
  vi.advanceTimersByTime(60_000);
  expect(at.callService).not.toHaveBeenCalled();
});

test("a right click waters nothing", async () => {
  const button = await put(at.hass);
  button.dispatchEvent(new PointerEvent("pointerdown", { button: 2 }));
  vi.advanceTimersByTime(60_000);
  expect(at.callService).not.toHaveBeenCalled();
});

test("a key is held like a finger", async () => {
  const button = await put(at.hass);
  button.dispatchEvent(new KeyboardEvent("keydown", { key: " " }));
  vi.advanceTimersByTime(HOLD_MS - 100);
  button.dispatchEvent(new KeyboardEvent("keyup", { key: " " }));
  button.click();
  expect(at.callService).not.toHaveBeenCalled();
  button.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter" }));
  vi.advanceTimersByTime(HOLD_MS);
  expect(at.callService).toHaveBeenCalledTimes(1);
});

test("who cannot hold presses twice, within five seconds", async () => {
  const button = await put(at.hass);
  button.click();
  vi.advanceTimersByTime(5_100);
  button.click();
  expect(at.callService).not.toHaveBeenCalled();
  button.click();
  expect(at.callService).toHaveBeenCalledTimes(1);
});

test("a locked plant is never watered, and says why", async () => {
  const locked = changed(at.hass, "sensor.basil_watering_state", "locked", { reason: "tank empty" });
  const button = await put(locked);
  hold(button, 5 * HOLD_MS);
  button.click();
  button.click();
  expect(at.callService).not.toHaveBeenCalled();
  expect(button.getAttribute("aria-disabled")).toBe("true");
  expect(element.shadowRoot!.querySelector("[role=status]")!.textContent).toContain("Locked: tank empty");
});

test("a preview never waters", async () => {
  const button = await put(at.hass, true);
  hold(button, 5 * HOLD_MS);
  button.click();
  button.click();
  expect(at.callService).not.toHaveBeenCalled();
});

test("while it runs one press stops it", async () => {
  const button = await put(changed(at.hass, "switch.basil_watering", "on"));
  hold(button, 50);
  expect(at.callService.mock.calls).toEqual([["switch", "turn_off", {}, { entity_id: "switch.basil_watering" }]]);
});

test("a refusal is shown in Home Assistant's words, as text", async () => {
  at.callService.mockRejectedValue({ message: "<b>The tank is empty</b>" });
  hold(await put(at.hass), HOLD_MS);
  await settle();
  await element.updateComplete;
  const said = element.shadowRoot!.querySelector("[role=status]")!;
  expect(said.textContent).toContain("Could not water: <b>The tank is empty</b>");
  expect(said.querySelector("b")).toBeNull();
  vi.advanceTimersByTime(60_000);
  await element.updateComplete;
  expect(said.textContent).toContain("Could not water");
});
