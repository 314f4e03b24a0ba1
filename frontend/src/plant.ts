// A plant as the integration tells it, kept once for all cards that show it.

import type { ReactiveController, ReactiveControllerHost } from "lit";
import { type Connection, DOMAIN, type Hass } from "./hass";

export type Band = [minimum: number, low: number, high: number, maximum: number];

export interface Measure {
  value: number | null;
  unit: string;
  at: number | null;
  stale: boolean;
  band: Band | null;
  entities: string[];
}

export interface Light {
  today: number | null;
  /** With what the rest of the day usually brings. */
  by_evening: number | null;
  yesterday: number | null;
  stale: boolean;
  band: Band | null;
}

export interface Plant {
  plant_id: string;
  name: string;
  species: string;
  common_name: string;
  form: string | null;
  at: number;
  health: number | null;
  problem: boolean | null;
  reasons: string[];
  measures: Partial<Record<"moisture" | "temperature" | "humidity" | "conductivity", Measure>>;
  light: Light | null;
  last: { watered?: number; fed?: number };
  next_watering: number | null;
  between: [number | null, number | null];
  next_feeding: number | null;
}

/** Times in Unix seconds, moisture in %; `forecast` has the 10, 50 and 90 % quantiles. */
export interface Curves {
  now: number;
  start: number;
  target: [number, number] | null;
  history: [time: number, value: number][];
  forecast: [time: number, low: number, median: number, high: number][];
  watered: number[];
}

const RETRY_MS = 10_000;
const CURVES_MS = 600_000;

/** One subscription for one plant; ends with its last listener. */
export class Feed {
  /** undefined: not heard yet; null: there is no such plant, or it may not be seen. */
  plant: Plant | null | undefined;
  curves: Curves | undefined;

  private listeners = new Set<() => void>();
  private stop: (() => Promise<void>) | undefined;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private curvesAsked = 0;
  private curvesFor = "";

  constructor(
    private hass: Hass,
    private device: string,
    private gone: () => void,
  ) {}

  add(listener: () => void): void {
    this.listeners.add(listener);
    if (this.listeners.size === 1) void this.subscribe();
  }

  remove(listener: () => void): void {
    this.listeners.delete(listener);
    if (this.listeners.size) return;
    clearTimeout(this.retry);
    void this.stop?.().catch(() => undefined);
    this.stop = undefined;
    this.gone();
  }

  /** Ask for the curves, unless they were asked for a short while ago and nothing has happened. */
  async wantCurves(): Promise<void> {
    const reason = `${this.plant?.last.watered}`;
    if (!this.plant || (this.curvesFor === reason && Date.now() - this.curvesAsked < CURVES_MS)) return;
    this.curvesAsked = Date.now();
    this.curvesFor = reason;
    try {
      this.curves = await this.hass.callWS<Curves>({
        type: `${DOMAIN}/plant/chart`,
        device_id: this.device,
      });
      this.tell();
    } catch {
      this.curvesAsked = 0;
    }
  }

  private async subscribe(): Promise<void> {
    try {
      const stop = await this.hass.connection.subscribeMessage<Plant | null>(
        (plant) => {
          this.plant = plant;
          this.tell();
        },
        {
          type: `${DOMAIN}/plant/subscribe`,
          device_id: this.device,
          language: this.hass.locale.language,
        },
      );
      if (this.listeners.size) this.stop = stop;
      else void stop().catch(() => undefined);
    } catch {
      // Home Assistant may still be starting; or a person may not see this plant.
      this.plant = null;
      this.tell();
      if (this.listeners.size) this.retry = setTimeout(() => void this.subscribe(), RETRY_MS);
    }
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }
}

const feeds = new WeakMap<Connection, Map<string, Feed>>();

function feedOf(hass: Hass, device: string): Feed {
  const known = feeds.get(hass.connection) ?? new Map<string, Feed>();
  feeds.set(hass.connection, known);
  const feed = known.get(device) ?? new Feed(hass, device, () => known.delete(device));
  known.set(device, feed);
  return feed;
}

/** Keeps an element up to date with one plant, while it is on the page. */
export class PlantController implements ReactiveController {
  private feed: Feed | undefined;
  private watched: string | undefined;
  private hass: Hass | undefined;
  private connected = false;
  private readonly changed = (): void => this.host.requestUpdate();

  constructor(private host: ReactiveControllerHost) {
    host.addController(this);
  }

  get plant(): Plant | null | undefined {
    return this.feed?.plant;
  }

  get curves(): Curves | undefined {
    void this.feed?.wantCurves();
    return this.feed?.curves;
  }

  watch(hass: Hass, device: string | undefined): void {
    this.hass = hass;
    if (this.watched === device) return;
    this.leave();
    this.watched = device;
    this.join();
  }

  hostConnected(): void {
    this.connected = true;
    this.join();
  }

  hostDisconnected(): void {
    this.connected = false;
    this.leave();
  }

  private join(): void {
    if (!this.connected || this.feed || !this.hass || !this.watched) return;
    this.feed = feedOf(this.hass, this.watched);
    this.feed.add(this.changed);
  }

  private leave(): void {
    this.feed?.remove(this.changed);
    this.feed = undefined;
  }
}
