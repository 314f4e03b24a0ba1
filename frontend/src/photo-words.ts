import type { Hass } from "./hass";
import { PHOTO_TEXTS, type PhotoKey } from "./photo-texts";
import { spoken, type Values } from "./words";

export const say = (hass: Hass, key: PhotoKey, values: Values = {}): string => spoken(PHOTO_TEXTS, hass, key, values);

/** "Plant.id, Pl@ntNet and Gemini", as one writes it in the reader's language. */
export const list = (hass: Hass, names: readonly string[]): string =>
  new Intl.ListFormat(hass.locale.language, { type: "conjunction" }).format(names);
