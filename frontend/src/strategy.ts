// Dashboards that build themselves from what there is. They are built when the page is opened and
// when something is added or moved; what changes from minute to minute is left to conditions.

import { type Hass, nameOf, nodesOf, plantsOf, problemOf, roles } from "./hass";
import { say } from "./words";

type Config = Record<string, unknown>;

const compact = (device: string): Config => ({
  type: "custom:plant-vita-card",
  device,
  layout: "compact",
  navigation_path: `plant-${device}`,
});

const heading = (words: string, icon: string, visibility?: Config[]): Config => ({
  type: "heading",
  heading: words,
  icon,
  ...(visibility && { visibility }),
});

const sections = (...cards: Config[][]): Config => ({
  type: "sections",
  max_columns: 3,
  sections: cards.filter((one) => one.length).map((one) => ({ type: "grid", cards: one })),
});

/** A plant stands in one place only: above while it needs somebody, else in its room. */
export function gardenView(hass: Hass): Config {
  const plants = plantsOf(hass);
  if (!plants.length) {
    return sections([heading(say(hass, "garden"), "mdi:sprout"), { type: "markdown", content: say(hass, "noPlants") }]);
  }
  const needs = (device: string): Config => ({ condition: "state", entity: problemOf(hass, device), state: "on" });
  const fine = (device: string): Config => ({ condition: "state", entity: problemOf(hass, device), state_not: "on" });
  const rooms = [...new Set(plants.map((device) => hass.devices[device]?.area_id ?? ""))];
  const name = (room: string): string => hass.areas[room]?.name ?? say(hass, rooms.some(Boolean) ? "noRoom" : "garden");
  rooms.sort((a, b) => Number(!a) - Number(!b) || name(a).localeCompare(name(b)));
  return sections(
    [
      heading(say(hass, "needsYou"), "mdi:hand-water", [{ condition: "or", conditions: plants.map(needs) }]),
      heading(say(hass, "allGood"), "mdi:check", [{ condition: "and", conditions: plants.map(fine) }]),
      ...plants.map((device) => ({ ...compact(device), visibility: [needs(device)] })),
      { type: "custom:plant-vita-next-card" },
    ],
    ...rooms.map((room) => {
      const here = plants.filter((device) => (hass.devices[device]?.area_id ?? "") === room);
      return [
        heading(name(room), hass.areas[room]?.icon ?? "mdi:sprout", [
          { condition: "or", conditions: here.map(fine) },
        ]),
        ...here.map((device) => ({ ...compact(device), visibility: [fine(device)] })),
      ];
    }),
  );
}

/** What a plant has, on one page: the card, and whatever can be set or pressed. */
function plantView(hass: Hass, device: string): Config {
  const known = [...roles(hass, device)].filter(([, { hidden }]) => !hidden);
  const tiles = (prefix: RegExp): Config[] =>
    known
      .filter(([role]) => prefix.test(role))
      .map(([, { entity_id }]) => ({ type: "tile", entity: entity_id, name: { type: "entity" } }));
  return {
    ...sections(
      [
        { type: "custom:plant-vita-card", device },
        { type: "custom:plant-vita-timeline-card", device },
      ],
      tiles(/^(button|switch|select)\./),
      tiles(/^(sensor|binary_sensor|event)\./),
    ),
    title: nameOf(hass, device),
    path: `plant-${device}`,
    subview: true,
  };
}

/** Every node with its link, its channels and what is wrong with it. */
function nodesView(hass: Hass, nodes: string[]): Config {
  return {
    ...sections(...nodes.map((device) => [{ type: "custom:plant-vita-node-card", device }])),
    title: say(hass, "nodes"),
    path: "nodes",
    icon: "mdi:access-point",
  };
}

class GardenDashboard {
  static readonly registryDependencies = ["entities", "devices", "areas"];
  static readonly noEditor = true;

  static generate(_config: Config, hass: Hass): Promise<Config> {
    const nodes = nodesOf(hass);
    return Promise.resolve({
      title: say(hass, "garden"),
      views: [
        { ...gardenView(hass), title: say(hass, "garden"), path: "garden", icon: "mdi:sprout" },
        ...(nodes.length ? [nodesView(hass, nodes)] : []),
        ...plantsOf(hass).map((device) => plantView(hass, device)),
      ],
    });
  }
}

/** The garden as one view of somebody's own dashboard. */
class GardenView {
  static readonly registryDependencies = ["entities", "devices", "areas"];

  static generate(_config: Config, hass: Hass): Promise<Config> {
    return Promise.resolve(gardenView(hass));
  }
}

/** A strategy is looked up as a custom element, though it never stands on a page. */
function define(name: string, strategy: object): void {
  customElements.define(name, Object.assign(class extends HTMLElement {}, statics(strategy)));
}

const statics = (from: object): object =>
  Object.fromEntries(
    Object.getOwnPropertyNames(from)
      .filter((name) => !["length", "name", "prototype"].includes(name))
      .map((name) => [name, from[name as keyof typeof from]]),
  );

export function defineStrategies(): void {
  define("ll-strategy-dashboard-plant-vita", GardenDashboard);
  define("ll-strategy-view-plant-vita-garden", GardenView);
}
