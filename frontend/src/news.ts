// When a card has to be drawn anew. Home Assistant gives every card a new `hass` on each change of any
// state in the house; and "5 minutes ago" has to move on by itself.

import type { PropertyValues, ReactiveController, ReactiveControllerHost } from "lit";

const TICK_MS = 60_000;

/** Draws its host once a minute, and tells whether what it shows has changed. */
export class News implements ReactiveController {
  private seen: unknown[] = [];
  private ticking: ReturnType<typeof setInterval> | undefined;

  constructor(private host: ReactiveControllerHost) {
    host.addController(this);
  }

  hostConnected(): void {
    this.ticking = setInterval(() => this.host.requestUpdate(), TICK_MS);
  }

  hostDisconnected(): void {
    clearInterval(this.ticking);
  }

  /** Whether there is more to draw than a new `hass` in which all that is `shown` is as before. */
  in(shown: unknown[], changed: PropertyValues): boolean {
    const before = this.seen;
    this.seen = shown;
    const same = shown.length === before.length && shown.every((one, index) => one === before[index]);
    return !same || !changed.has("hass") || changed.size > 1;
  }
}
