// Everything that Home Assistant's frontend may look for by name.

import { supports } from "./feature";
import { type Hass, nodesOf, plantsOf } from "./hass";
import "./next-card";
import "./node-card";
import "./plant-card";
import { defineStrategies } from "./strategy";
import "./timeline-card";

interface Window {
  customCards?: object[];
  customCardFeatures?: object[];
  customStrategies?: object[];
}

const page = window as unknown as Window;
const WHERE = "https://github.com/plant-vita/plant-vita";

defineStrategies();

(page.customCards ??= []).push(
  {
    type: "plant-vita-card",
    name: "Plant Vita: plant",
    description: "Health, moisture with its forecast, light, and the next watering of one plant",
    preview: true,
    documentationURL: WHERE,
    getEntitySuggestion: (hass: Hass, entityId: string) => {
      const device = hass.entities[entityId]?.device_id;
      return device && plantsOf(hass).includes(device)
        ? { config: { type: "custom:plant-vita-card", device } }
        : null;
    },
  },
  {
    type: "plant-vita-timeline-card",
    name: "Plant Vita: growth",
    description: "The photos of one plant, how it has grown, and what was found",
    preview: true,
    documentationURL: WHERE,
  },
  {
    type: "plant-vita-node-card",
    name: "Plant Vita: node",
    description: "Link, channels and problems of one plant node",
    preview: true,
    documentationURL: WHERE,
    getEntitySuggestion: (hass: Hass, entityId: string) => {
      const device = hass.entities[entityId]?.device_id;
      return device && nodesOf(hass).includes(device)
        ? { config: { type: "custom:plant-vita-node-card", device } }
        : null;
    },
  },
  {
    type: "plant-vita-next-card",
    name: "Plant Vita: next waterings",
    description: "Which plants want water next",
    preview: true,
    documentationURL: WHERE,
  },
);

(page.customCardFeatures ??= []).push({
  type: "plant-vita-band-feature",
  name: "Plant Vita: soil moisture",
  isSupported: supports,
  configurable: false,
});

(page.customStrategies ??= []).push({
  type: "plant-vita",
  strategyType: "dashboard",
  name: "Plant Vita",
  description: "All plants: who needs you now, what comes next, and the rooms",
});
