// @vitest-environment happy-dom
import { expect, test } from "vitest";
import { BASIL, house } from "./house";
import { defineStrategies, gardenView } from "./strategy";

type Card = { type: string; device?: string; visibility?: { condition: string; state?: string; state_not?: string }[] };
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
