// The dialog of photos and the timeline have a file of their own: most who look at a garden never
// open them, and need not load them.

import { type Hass, tell } from "./hass";
import type { View } from "./photo-dialog";
import type { open } from "./photos";

interface Photos {
  open: typeof open;
}

let loading: Promise<Photos> | undefined;

/** Load the file, once; a failure is tried again the next time. */
export function loadPhotos(): Promise<Photos> {
  const here = new URL(import.meta.url);
  loading ??= (import(new URL(`plant-vita-photos.js${here.search}`, here).href) as Promise<Photos>).catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

/** Open the dialog of a plant's photos, or of a photo of any plant. */
export async function openPhotos(element: HTMLElement, hass: Hass, device: string | undefined, view: View): Promise<void> {
  try {
    (await loadPhotos()).open(hass, device, view);
  } catch (error) {
    tell(element, "hass-notification", { message: String((error as Error).message) });
  }
}
