// A house for the tests: what Home Assistant's frontend would hand to a card.

import { type Mock, vi } from "vitest";
import type { EntityState, Hass, RegistryEntity } from "./hass";
import type { Curves, Plant } from "./plant";

export const BASIL = "d-basil";

export const plant = (changes: Partial<Plant> = {}): Plant => ({
  plant_id: "p1",
  name: "Basil",
  species: "Ocimum basilicum",
  common_name: "Basil",
  form: "herb",
  at: 1_000,
  health: 84,
  problem: false,
  reasons: [],
  measures: {
    moisture: { value: 46, unit: "%", at: 990, stale: false, band: [15, 30, 60, 80], entities: ["sensor.soil"] },
  },
  light: null,
  last: { watered: 900 },
  next_watering: 200_000,
  between: [150_000, 250_000],
  next_feeding: null,
  ...changes,
});

export const CURVES: Curves = {
  now: 604_800,
  start: 0,
  target: [30, 60],
  history: [[0, 50], [3_600, 49], [600_000, 40]],
  forecast: [[604_800, 40, 40, 40], [864_000, 25, 30, 36]],
  watered: [-5, 302_400],
};

const ROLES: [entityId: string, role: string, state: string, attributes?: object][] = [
  ["binary_sensor.basil_problem", "plant_problem", "off"],
  ["sensor.basil_health", "health", "84"],
  ["sensor.basil_next_watering", "next_watering", "2026-11-23T10:00:00+00:00"],
  ["switch.basil_watering", "watering", "off"],
  ["sensor.basil_watering_state", "watering_state", "idle", { reason: null }],
  ["number.basil_watering_dose", "watering_dose", "220"],
];

export interface House {
  hass: Hass;
  told(message: Plant | null): void;
  callService: Mock<(...what: unknown[]) => Promise<unknown>>;
  subscriptions: object[];
  stopped: number;
}

/** A house with one plant; `refuse` makes subscriptions fail so many times first. */
export function house({ refuse = 0 } = {}): House {
  const states: Record<string, EntityState> = {};
  const entities: Record<string, RegistryEntity> = {};
  for (const [entity_id, translation_key, state, attributes] of ROLES) {
    states[entity_id] = { entity_id, state, attributes: { ...attributes }, last_changed: "" };
    entities[entity_id] = { entity_id, platform: "plant_vita", device_id: BASIL, translation_key };
  }
  const listeners: ((message: Plant | null) => void)[] = [];
  let refusals = refuse;
  const made: House = {
    told: (message) => listeners.forEach((listener) => listener(message)),
    callService: vi.fn((..._what: unknown[]): Promise<unknown> => Promise.resolve()),
    subscriptions: [],
    stopped: 0,
    hass: {
      states,
      entities,
      devices: { [BASIL]: { id: BASIL, name: "Basil", area_id: "kitchen" } },
      areas: { kitchen: { area_id: "kitchen", name: "Kitchen" } },
      locale: { language: "en" },
      config: { time_zone: "Europe/Amsterdam" },
      connection: {
        subscribeMessage: (callback, message) => {
          made.subscriptions.push(message);
          if (refusals-- > 0) return Promise.reject(new Error("unknown_command"));
          listeners.push(callback as (message: Plant | null) => void);
          return Promise.resolve(() => Promise.resolve(void made.stopped++));
        },
      },
      callWS: <T>() => Promise.resolve(CURVES as T),
      callService: (...what) => made.callService(...what),
      fetchWithAuth: () => Promise.resolve(new Response("{}")),
      localize: () => "",
      formatEntityState: ({ state }) => state,
      formatEntityAttributeValue: (state, name) => String(state.attributes[name]),
    },
  };
  return made;
}

/** As Home Assistant does it: a new `hass`, in which one entity is another object. */
export const changed = (hass: Hass, entityId: string, state: string, attributes: object = {}): Hass => ({
  ...hass,
  states: {
    ...hass.states,
    [entityId]: { entity_id: entityId, state, attributes: { ...attributes }, last_changed: "" },
  },
});

/** Let everything that waits for a promise go on. */
export const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
};
