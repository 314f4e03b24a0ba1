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

const FREE = new Set(["idle", "unknown", "unavailable"]);

/** undefined for a plant without a pump. */
export function wateringOf(hass: Hass, device: string): Watering | undefined {
  const known = roles(hass, device);
  const state = (role: string): EntityState | undefined => hass.states[known.get(role)?.entity_id ?? ""];
  const valve = state("switch.watering");
  if (!valve) return undefined;
  const phase = state("sensor.watering_state");
  const dose = state("number.watering_dose");
  const running = valve.state === "on";
  return {
    switchId: valve.entity_id,
    running,
    locked: running ? undefined : lock(hass, valve, phase),
    dose: dose && !FREE.has(dose.state) ? hass.formatEntityState(dose) : undefined,
  };
}

function lock(hass: Hass, valve: EntityState, phase: EntityState | undefined): string | undefined {
  if (valve.state === "unavailable") return hass.formatEntityState(valve);
  if (!phase || FREE.has(phase.state)) return undefined;
  const reason = phase.attributes["reason"] ? hass.formatEntityAttributeValue(phase, "reason") : "";
  return reason || hass.formatEntityState(phase);
}

/** Give the dose. Rejects with Home Assistant's own words when it is refused. */
export const water = (hass: Hass, { switchId }: Watering): Promise<unknown> =>
  hass.callService("switch", "turn_on", {}, { entity_id: switchId });

export const stop = (hass: Hass, { switchId }: Watering): Promise<unknown> =>
  hass.callService("switch", "turn_off", {}, { entity_id: switchId });
