// What we use of the contract between Home Assistant's frontend and a card, and nothing more.

export interface EntityState {
  entity_id: string;
  state: string;
  attributes: Record<string, unknown>;
  last_changed: string;
}

export interface RegistryEntity {
  entity_id: string;
  platform?: string;
  device_id?: string;
  translation_key?: string;
  hidden?: boolean;
}

export interface Device {
  id: string;
  name: string | null;
  name_by_user?: string | null;
  area_id?: string | null;
  model?: string | null;
  sw_version?: string | null;
}

export interface Area {
  area_id: string;
  name: string;
  icon?: string | null;
}

export interface Connection {
  subscribeMessage<T>(callback: (message: T) => void, message: object): Promise<() => Promise<void>>;
}

export interface Hass {
  states: Record<string, EntityState | undefined>;
  entities: Record<string, RegistryEntity>;
  devices: Record<string, Device | undefined>;
  areas: Record<string, Area | undefined>;
  locale: { language: string };
  config: { time_zone: string };
  connection: Connection;
  callWS<T>(message: object): Promise<T>;
  callService(domain: string, service: string, data?: object, target?: object): Promise<unknown>;
  fetchWithAuth(path: string, init?: RequestInit): Promise<Response>;
  localize(key: string, values?: Record<string, string | number>): string;
  formatEntityState(state: EntityState): string;
  formatEntityAttributeValue(state: EntityState, attribute: string): string;
}

export const DOMAIN = "plant_vita";

/** Tell Home Assistant's frontend something, e.g. that it should open a dialog of its own. */
export function tell(element: HTMLElement, type: string, detail: object): void {
  element.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));
}

export function moreInfo(element: HTMLElement, entityId: string | undefined): void {
  if (entityId) tell(element, "hass-more-info", { entityId });
}

const known = new WeakMap<Hass["entities"], Map<string, Roles>>();

export type Roles = ReadonlyMap<string, RegistryEntity>;

/**
 * The entities of ours that a device has, by domain and role: "switch.watering". Entity ids may be
 * renamed, roles not. All devices are sorted at once, and again only when the registry has changed.
 */
export function roles(hass: Hass, device: string): Roles {
  let all = known.get(hass.entities);
  if (!all) {
    all = sorted(hass.entities);
    known.set(hass.entities, all);
  }
  return all.get(device) ?? new Map<string, RegistryEntity>();
}

function sorted(entities: Hass["entities"]): Map<string, Roles> {
  const devices = new Map<string, Map<string, RegistryEntity>>();
  for (const entity of Object.values(entities)) {
    if (entity.platform !== DOMAIN || !entity.device_id || !entity.translation_key) continue;
    const device = devices.get(entity.device_id) ?? new Map<string, RegistryEntity>();
    device.set(`${domainOf(entity.entity_id)}.${entity.translation_key}`, entity);
    devices.set(entity.device_id, device);
  }
  return devices;
}

export const domainOf = (entityId: string): string => entityId.slice(0, entityId.indexOf("."));

const PLANT_MARK = "binary_sensor.plant_problem";
const NODE_MARK = "binary_sensor.problem";

/** Every plant has a problem sensor, whatever it is bound to. */
export const plantsOf = (hass: Hass): string[] => devicesWith(hass, PLANT_MARK);

export const nodesOf = (hass: Hass): string[] => devicesWith(hass, NODE_MARK);

export const problemOf = (hass: Hass, device: string): string | undefined =>
  roles(hass, device).get(PLANT_MARK)?.entity_id;

function devicesWith(hass: Hass, mark: string): string[] {
  return Object.keys(hass.devices)
    .filter((device) => roles(hass, device).has(mark))
    .sort((a, b) => nameOf(hass, a).localeCompare(nameOf(hass, b)));
}

export function nameOf(hass: Hass, device: string): string {
  const known = hass.devices[device];
  return known?.name_by_user || known?.name || "";
}

export interface PlantConfig {
  type: string;
  device?: string;
  entity?: string;
}

/** The device that a card is about: chosen itself, or through one of its entities. */
export const deviceOf = (hass: Hass, config: PlantConfig): string | undefined =>
  config.device || (config.entity ? hass.entities[config.entity]?.device_id : undefined);
