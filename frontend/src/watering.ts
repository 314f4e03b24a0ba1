// How a plant is watered: through its switch, like everything in Home Assistant, so that Home
// Assistant decides who may and the integration whether it may.

import { type EntityState, type Hass, roles } from "./hass";

export interface Watering {
  switchId: string;
  running: boolean;
  /** Words for why it may not be watered, if it may not. */
  locked: string | undefined;
  /** "220 mL", if a dose is set. */
  dose: string | undefined;
}

const NOTHING = new Set(["unknown", "unavailable"]);
const AT_WORK = new Set(["starting", "running", "waiting", "stopping"]);

/** undefined for a plant without a pump. */
export function wateringOf(hass: Hass, device: string): Watering | undefined {
  const known = roles(hass, device);
  const state = (role: string): EntityState | undefined => hass.states[known.get(role)?.entity_id ?? ""];
  const valve = state("switch.watering");
  if (!valve) return undefined;
  const phase = state("sensor.watering_state");
  const dose = state("number.watering_dose");
  const running = valve.state === "on" || AT_WORK.has(phase?.state ?? "");
  return {
    switchId: valve.entity_id,
    running,
    locked: running ? undefined : lock(hass, valve, phase),
    dose: dose && !NOTHING.has(dose.state) ? hass.formatEntityState(dose) : undefined,
  };
}

function lock(hass: Hass, valve: EntityState, phase: EntityState | undefined): string | undefined {
  if (phase?.attributes["reason"]) return hass.formatEntityAttributeValue(phase, "reason");
  return valve.state === "unavailable" ? hass.formatEntityState(valve) : undefined;
}

/** Give the dose. Rejects with Home Assistant's own words when it is refused. */
export const water = (hass: Hass, { switchId }: Watering): Promise<unknown> =>
  hass.callService("switch", "turn_on", {}, { entity_id: switchId });

export const stop = (hass: Hass, { switchId }: Watering): Promise<unknown> =>
  hass.callService("switch", "turn_off", {}, { entity_id: switchId });
