// The photos of a plant as the integration has kept them.

import { DOMAIN, type Hass } from "./hass";

export interface KeptFinding {
  kind: "identify" | "diagnose";
  title: string;
  confidence: number | null;
  text: string;
  providers: string[];
}

export interface KeptPhoto {
  id: string;
  /** In Unix seconds. */
  taken: number;
  url: string;
  thumbnail: string;
  /** % of the picture. */
  green: number;
  /** By how many % the green area has grown since the photo before of the same view. */
  growth: number | null;
  findings: KeptFinding[];
}

export interface Page {
  photos: KeptPhoto[];
  more: boolean;
}

/** The newest photos first; of those `before` one that is known already. */
export const photosOf = (hass: Hass, device: string, before?: KeptPhoto): Promise<Page> =>
  hass.callWS<Page>({
    type: `${DOMAIN}/photos/timeline`,
    device_id: device,
    ...(before && { before: before.taken }),
  });

/** Said on the page's window once something may have been found in a photo that was there before. */
export const FOUND = "plant-vita-photo-found";

const WIDTH = 640;
const HEIGHT = 96;
const EDGE = 10;

export interface Dot {
  x: number;
  y: number;
}

/** Where each photo stands in the curve of the green area, which begins at none; oldest first. */
export function dots(photos: readonly KeptPhoto[], width = WIDTH, height = HEIGHT): Dot[] {
  const first = photos[0]?.taken ?? 0;
  const span = (photos.at(-1)?.taken ?? 0) - first || 1;
  const most = Math.max(1, ...photos.map(({ green }) => green));
  return photos.map(({ taken, green }) => ({
    x: round(EDGE + ((taken - first) / span) * (width - 2 * EDGE)),
    y: round(height - EDGE - (green / most) * (height - 2 * EDGE)),
  }));
}

export const SIZE = `0 0 ${WIDTH} ${HEIGHT}`;

const round = (value: number): number => Math.round(value * 10) / 10;
