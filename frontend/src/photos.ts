// What is loaded when somebody first wants to see a plant's photos, or to ask about one.

import type { Hass } from "./hass";
import "./photo-dialog";
import type { View } from "./photo-dialog";
import "./timeline";

export function open(hass: Hass, device: string | undefined, view: View): void {
  const dialog = document.createElement("plant-vita-photo-dialog");
  Object.assign(dialog, { hass, device, view });
  document.body.append(dialog);
}
