// @vitest-environment happy-dom
import { afterEach, expect, test, vi } from "vitest";
import { house } from "./house";
import type { Hass } from "./hass";
import "./node-card";
import type { PlantVitaNodeCard } from "./node-card";

const SILL = "d-sill";
const STATUS = {
  available: true,
  connected: true,
  cable: false,
  sleeps: false,
  every: 300,
  signal: -61,
  last_seen: Date.now() / 1000 - 1200,
  started: null,
  faults: { "sensor.sill_soil": "open" },
};
const EVIL = `<img src=x onerror="alert(1)">`;

let card: PlantVitaNodeCard;
const asked: object[] = [];

function sill(status: () => Promise<object>): Hass {
  const { hass } = house();
  const entity = (entity_id: string, key: string, state: string, name: string): void => {
    hass.entities[entity_id] = { entity_id, platform: "plant_vita", device_id: SILL, translation_key: key };
    hass.states[entity_id] = { entity_id, state, attributes: { friendly_name: name }, last_changed: "" };
  };
  entity("binary_sensor.sill_problem", "problem", "on", "Sill Problem");
  entity("sensor.sill_soil", "moisture", "unknown", "Sill Soil moisture");
  entity("sensor.sill_air", "temperature", "21", `Sill ${EVIL}`);
  entity("sensor.sill_signal", "signal", "-61", "Sill Signal");
  return {
    ...hass,
    devices: { [SILL]: { id: SILL, name: "Sill", model: "esp32dev", sw_version: "0.1.0" } },
    localize: (key) => (key.endsWith("faults.state.open") ? "Not plugged in" : key.endsWith("signal.name") ? "Signal" : ""),
    callWS: <T>(message: object) => {
      asked.push(message);
      return status() as Promise<T>;
    },
  };
}

async function put(hass: Hass): Promise<string> {
  card = document.createElement("plant-vita-node-card");
  card.setConfig({ type: "custom:plant-vita-node-card", device: SILL });
  card.hass = hass;
  document.body.append(card);
  return drawn();
}

async function drawn(): Promise<string> {
  await card.updateComplete;
  await vi.waitFor(() => card.updateComplete);
  return card.shadowRoot!.textContent!.replaceAll(/\s+/g, " ");
}

afterEach(() => {
  card.remove();
  asked.length = 0;
});

test("link, signal, last seen, firmware, channels and what has failed", async () => {
  const text = await put(sill(() => Promise.resolve(STATUS)));
  expect(asked).toEqual([{ type: "plant_vita/node/status", device_id: SILL }]);
  for (const words of ["Sill", "esp32dev · Firmware 0.1.0", "Connected", "-61 dBm", "20 minutes ago"]) {
    expect(text).toContain(words);
  }
  expect(text).toContain("Soil moisture Not plugged in");
  // The signal stands there once, whether its entity is enabled or not.
  expect(text.split("Signal").length - 1).toBe(1);
  expect(text).toContain(EVIL);
  expect(card.shadowRoot!.querySelector("img")).toBeNull();
});

test("a node that sleeps is no node that is lost", async () => {
  const asleep = { ...STATUS, connected: false, sleeps: true, every: 900 };
  expect(await put(sill(() => Promise.resolve(asleep)))).toContain("Asleep, reports every 15 minutes");
  card.remove();
  const lost = { ...asleep, available: false };
  expect(await put(sill(() => Promise.resolve(lost)))).toContain("Not connected");
});

test("who may not know more sees the channels, and asks no more than twice a minute", async () => {
  const hass = sill(() => Promise.reject(new Error("unauthorized")));
  expect(await put(hass)).toContain("Soil moisture unknown");
  for (let change = 0; change < 20; change++) {
    const states = { ...hass.states, "sensor.sill_air": { ...hass.states["sensor.sill_air"]!, state: `${change}` } };
    card.hass = { ...hass, states };
    await drawn();
  }
  expect(asked).toHaveLength(1);
});
