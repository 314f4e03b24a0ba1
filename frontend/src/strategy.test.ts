// @vitest-environment happy-dom
import { expect, test } from "vitest";
import { BASIL, house } from "./house";
import type { Hass } from "./hass";
import { defineStrategies, gardenView } from "./strategy";

type Card = { type: string; heading?: string; device?: string; visibility?: { condition: string; state?: string; state_not?: string }[] };
type View = { sections: { cards: Card[] }[] };

test("a plant stands above while it needs somebody, else in its room, never in both", () => {
  const { sections } = gardenView(house().hass) as unknown as View;
  const shown = sections.flatMap(({ cards }) => cards).filter(({ device }) => device === BASIL);
  expect(shown.map(({ visibility }) => visibility)).toEqual([
    [{ condition: "state", entity: "binary_sensor.basil_problem", state: "on" }],
    [{ condition: "state", entity: "binary_sensor.basil_problem", state_not: "on" }],
  ]);
});

test("a house without plants is told how to come by one", () => {
  const { hass } = house();
  const { sections } = gardenView({ ...hass, entities: {}, devices: {} }) as unknown as View;
  expect(sections).toHaveLength(1);
  expect(sections[0]!.cards[1]!.type).toBe("markdown");
});

test("rooms have their names; elsewhere is only where there are rooms", () => {
  const { hass } = house();
  const fern = { problem: { entity_id: "binary_sensor.fern_problem", platform: "plant_vita", device_id: "d-fern", translation_key: "plant_problem" } };
  const two = (room?: string): Hass => ({
    ...hass,
    entities: { ...hass.entities, ...fern },
    devices: { ...hass.devices, "d-basil": { id: BASIL, name: "Basil", area_id: room }, "d-fern": { id: "d-fern", name: "Fern" } } as Hass["devices"],
  });
  const headings = (at: Hass): string[] =>
    (gardenView(at) as unknown as View).sections.slice(1).map(({ cards }) => cards[0]!.heading!);
  expect(headings(two("kitchen"))).toEqual(["Kitchen", "Elsewhere"]);
  expect(headings(two())).toEqual(["Garden"]);
});

test("strategies are found by the names that Home Assistant looks for", async () => {
  defineStrategies();
  const strategy = customElements.get("ll-strategy-dashboard-plant-vita") as unknown as {
    generate(config: object, hass: object): Promise<{ views: { path: string; subview?: boolean }[] }>;
    registryDependencies: string[];
  };
  expect(strategy.registryDependencies).toContain("entities");
  const { views } = await strategy.generate({}, house().hass);
  expect(views.map(({ path, subview }) => [path, subview])).toEqual([
    ["garden", undefined],
    [`plant-${BASIL}`, true],
  ]);
});
