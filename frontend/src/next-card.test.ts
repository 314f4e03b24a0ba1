// @vitest-environment happy-dom
import { expect, test } from "vitest";
import { changed, house } from "./house";
import "./next-card";

const next = "sensor.basil_next_watering";

test("it names who is next, and says so when no date is known", async () => {
  const { hass } = house();
  const card = document.createElement("plant-vita-next-card");
  const lines = (): string[] =>
    [...card.shadowRoot!.querySelectorAll(".line, p")].map((one) => one.textContent!.replaceAll(/\s+/g, " ").trim());
  card.setConfig({});
  card.hass = hass;
  document.body.append(card);
  await card.updateComplete;
  expect(lines()).toEqual([expect.stringMatching(/^Basil .*23/)]);
  card.hass = changed(hass, next, "unknown");
  await card.updateComplete;
  expect(lines()).toEqual(["No date known yet."]);
  card.remove();
});
