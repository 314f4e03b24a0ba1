import { html, LitElement, nothing, type PropertyValues, svg, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import "./band";
import { chart } from "./chart";
import { deviceOf, DOMAIN, type Hass, moreInfo, plantsOf, problemOf, roles, tell } from "./hass";
import { openPhotos } from "./lazy";
import { News } from "./news";
import { type Measure, type Plant, PlantController } from "./plant";
import { look } from "./plant-card-style";
import { base } from "./style";
import "./water-button";
import { wateringOf } from "./watering";
import { day, number, reason, relative, say } from "./words";

export interface CardConfig {
  type: string;
  device?: string;
  entity?: string;
  layout?: "full" | "compact";
  water_button?: boolean;
  navigation_path?: string;
}

interface Row {
  icon: string;
  label: string;
  unit: string;
  digits: number;
  /** What the value will have come to by the evening, of a sum of the day. */
  ahead?: number | null;
}

const ICONS: Record<string, string> = {
  bulb: "mdi:flower-tulip",
  cactus: "mdi:cactus",
  grass: "mdi:grass",
  orchid: "mdi:flower",
  palm: "mdi:palm-tree",
  shrub: "mdi:flower-outline",
  tree: "mdi:tree",
};
const RING = 2 * Math.PI * 45;

/** One plant: how it is, why, and when it wants water. */
@customElement("plant-vita-card")
export class PlantVitaCard extends LitElement {
  @property({ attribute: false }) hass?: Hass;
  @property({ type: Boolean }) preview = false;
  @state() private config?: CardConfig;

  private readonly feed = new PlantController(this);
  private readonly news = new News(this);

  static getStubConfig(hass: Hass): Partial<CardConfig> {
    const plants = plantsOf(hass);
    // One that is measured shows more of what the card can do.
    const device = plants.find((one) => roles(hass, one).has("sensor.health")) ?? plants[0];
    return device ? { device } : {};
  }

  static getConfigForm(): object {
    const hass = shownTo();
    const labels: Record<string, string> = {
      device: say(hass, "device"),
      layout: say(hass, "layout"),
      water_button: say(hass, "waterButton"),
    };
    const layouts = (["full", "compact"] as const).map((value) => ({ value, label: say(hass, value) }));
    return {
      schema: [
        {
          name: "device",
          required: true,
          selector: { device: { integration: DOMAIN, entity: [{ domain: "event" }] } },
        },
        { name: "layout", selector: { select: { mode: "box", options: layouts } } },
        { name: "water_button", default: true, selector: { boolean: {} } },
      ],
      computeLabel: ({ name }: { name: string }) => labels[name] ?? name,
    };
  }

  setConfig(config: CardConfig): void {
    if (!config.device && !config.entity) {
      throw new Error(say(shownTo(), "choose"));
    }
    this.config = config;
  }

  getCardSize(): number {
    return this.config?.layout === "compact" ? 2 : 7;
  }

  getGridOptions(): object {
    return this.config?.layout === "compact"
      ? { columns: 6, rows: "auto", min_columns: 6 }
      : { columns: 12, min_columns: 6 };
  }

  protected override shouldUpdate(changed: PropertyValues): boolean {
    if (!this.hass || !this.config) return false;
    const device = deviceOf(this.hass, this.config);
    this.feed.watch(this.hass, device);
    const mine = device ? [...roles(this.hass, device)] : [];
    const drawn = mine.filter(([role]) => DRAWN.test(role));
    const states = drawn.map(([, { entity_id }]) => this.hass?.states[entity_id]);
    return this.news.in([this.hass.locale, this.hass.localize, ...states], changed);
  }

  protected override render(): TemplateResult | typeof nothing {
    const { hass, config } = this;
    if (!hass || !config) return nothing;
    const device = deviceOf(hass, config);
    const plant = this.feed.plant;
    if (!device || plant === null) {
      return html`<ha-card><div class="missing small" role="status">${say(hass, "missing")}</div></ha-card>`;
    }
    if (!plant) return html`<ha-card aria-busy="true"></ha-card>`;
    return html`<ha-card class=${config.layout === "compact" ? "compact" : ""}>
      ${config.layout === "compact" ? this.compact(hass, device, plant) : this.full(hass, device, plant)}
    </ha-card>`;
  }

  private compact(hass: Hass, device: string, plant: Plant): TemplateResult {
    const { moisture } = plant.measures;
    return html`<button class="head" @click=${() => this.open(device)}>
      ${this.ring(hass, device, plant)}
      <span class="who">
        <span class="name">${plant.name}</span>
        ${this.condition(hass, plant)}
        ${moisture ? this.band(hass, say(hass, "moisture"), moisture.value, moisture) : this.nextLine(hass, plant)}
        ${plant.light ? this.band(hass, say(hass, "light"), plant.light.today, plant.light, plant.light.by_evening) : nothing}
      </span>
    </button>`;
  }

  private full(hass: Hass, device: string, plant: Plant): TemplateResult {
    const { moisture } = plant.measures;
    const curves = moisture ? this.feed.curves : undefined;
    // What can be seen of a button has to be in its name: whoever speaks to it reads that.
    const photos = [say(hass, "photos"), plant.health === null ? "" : number(hass, plant.health)].filter(Boolean).join(", ");
    return html`<div class="head">
        <button aria-label=${photos} @click=${() => openPhotos(this, hass, device, "growth")}>
          ${this.ring(hass, device, plant)}
        </button>
        <button class="who" @click=${() => this.open(device)}>
          <span class="name">${plant.name}</span>
          <span class="small cut latin">${plant.species || nothing}</span>
          ${this.condition(hass, plant)}
        </button>
        <button class="ask" aria-label=${say(hass, "askPhoto")} @click=${() => openPhotos(this, hass, device, "diagnose")}>
          <ha-icon icon="mdi:camera-plus-outline"></ha-icon>
        </button>
      </div>
      <div class="body">
        ${moisture ? this.moisture(hass, moisture) : nothing}
        ${curves?.history.length
          ? html`<div class="chart">
              ${chart(curves, say(hass, "chartLabel"))}
              <div class="axis small">
                <span>${say(hass, "history")}</span>
                ${curves.forecast.length ? html`<span>${say(hass, "forecast")} →</span>` : nothing}
              </div>
            </div>`
          : nothing}
        ${this.light(hass, plant)} ${this.air(hass, plant)} ${this.foot(hass, device, plant)}
      </div>`;
  }

  private ring(hass: Hass, device: string, plant: Plant): TemplateResult {
    const photo = hass.states[roles(hass, device).get("image.photo")?.entity_id ?? ""];
    const picture = photo?.attributes["entity_picture"] as string | undefined;
    const score = plant.health;
    return html`<span class="ring" style="--ring:${colour(plant)}">
      ${svg`<svg viewBox="0 0 100 100" aria-hidden="true">
        <circle cx="50" cy="50" r="45" stroke="var(--pv-quiet)"/>
        ${
          score === null
            ? nothing
            : svg`<circle cx="50" cy="50" r="45" stroke="var(--ring)" stroke-linecap="round"
                transform="rotate(-90 50 50)" stroke-dasharray="${(RING * score) / 100} ${RING}"/>`
        }
      </svg>`}
      ${picture
        ? html`<img src=${picture} alt="" loading="lazy" />`
        : html`<ha-icon icon=${ICONS[plant.form ?? ""] ?? "mdi:sprout"}></ha-icon>`}
      ${score === null ? nothing : html`<span class="score">${number(hass, score)}</span>`}
    </span>`;
  }

  private condition(hass: Hass, plant: Plant): TemplateResult {
    const [icon, kind, words] =
      plant.problem === null
        ? ["mdi:help-circle-outline", "", say(hass, "unknown")]
        : plant.problem
          ? ["mdi:alert-circle-outline", "warn", plant.reasons.map((key) => reason(hass, key)).join(" · ")]
          : ["mdi:check-circle-outline", "ok", say(hass, "healthy")];
    return html`<span class="condition ${kind}"><ha-icon icon=${icon}></ha-icon><span class="cut">${words}</span></span>`;
  }

  private band(
    hass: Hass,
    label: string,
    value: number | null,
    { band, stale }: Pick<Measure, "band" | "stale">,
    ahead?: number | null,
  ): TemplateResult {
    const text = value === null ? say(hass, "unknown") : number(hass, value, 1);
    return html`<plant-vita-band
      .value=${value}
      .band=${band}
      .label=${label}
      .text=${text}
      ?stale=${stale}
      .ahead=${ahead ?? null}
      ?growing=${ahead !== undefined}
    ></plant-vita-band>`;
  }

  private moisture(hass: Hass, measure: Measure): TemplateResult {
    return this.row(
      hass,
      { icon: "mdi:water-percent", label: say(hass, "moisture"), unit: measure.unit, digits: 0 },
      { ...measure, value: measure.value },
      () => moreInfo(this, measure.entities[0]),
    );
  }

  private light(hass: Hass, plant: Plant): TemplateResult | typeof nothing {
    if (!plant.light) return nothing;
    const { today, by_evening: ahead, band, stale } = plant.light;
    return this.row(
      hass,
      { icon: "mdi:white-balance-sunny", label: say(hass, "light"), unit: "mol/m²", digits: 1, ahead },
      { value: today, band, stale, at: null },
      () => this.open(deviceOf(hass, this.config as CardConfig)),
    );
  }

  private row(
    hass: Hass,
    { icon, label, unit, digits, ahead }: Row,
    measure: Pick<Measure, "value" | "band" | "stale" | "at">,
    open: () => void,
  ): TemplateResult {
    const { value, band, stale, at } = measure;
    const aim =
      stale && at
      ? say(hass, "stale", { t: relative(hass, at) })
      : band && say(hass, "target", { a: number(hass, band[1], digits), b: `${number(hass, band[2], digits)} ${unit}` });
    return html`<button class="row" @click=${open}>
      <ha-icon icon=${icon}></ha-icon>
      <span class="scale">
        <span class="labels"><span>${label}</span><span class="small">${aim}</span></span>
        ${this.band(hass, label, value, measure, ahead)}
        ${typeof ahead === "number" && !stale ? html`<span class="small">${say(hass, "byEvening", { n: number(hass, ahead, digits) })}</span>` : nothing}
      </span>
      <span class="value ${stale ? "old" : ""}">
        ${value === null ? "–" : number(hass, value, digits)}<span class="small"> ${value === null ? nothing : unit.split("/")[0]}</span>
      </span>
    </button>`;
  }

  private air(hass: Hass, plant: Plant): TemplateResult | typeof nothing {
    const parts = [plant.measures.temperature, plant.measures.humidity].filter((one) => one !== undefined);
    if (!parts.length) return nothing;
    const words = parts.map(({ value, unit }) => (value === null ? "–" : `${number(hass, value, 1)} ${unit}`));
    return html`<button class="row" @click=${() => moreInfo(this, parts[0]?.entities[0])}>
      <ha-icon icon="mdi:thermometer"></ha-icon>
      <span>${say(hass, "air")}</span>
      <span class=${parts.some(({ stale }) => stale) ? "old" : ""}>${words.join(" · ")}</span>
    </button>`;
  }

  private nextLine(hass: Hass, plant: Plant): TemplateResult {
    const next = plant.next_watering;
    return html`<span class="small">${say(hass, "next")}: ${next === null ? "–" : relative(hass, next)}</span>`;
  }

  private foot(hass: Hass, device: string, plant: Plant): TemplateResult {
    const next = plant.next_watering;
    const [early, late] = plant.between;
    const watering = this.config?.water_button === false ? undefined : wateringOf(hass, device);
    return html`<div class="foot">
      <div class="next">
        <div class="small">${say(hass, "next")}</div>
        <div class="big">${next === null ? "–" : relative(hass, next)}</div>
        ${early !== null && late !== null
          ? html`<div class="small">${say(hass, "between", { a: day(hass, early), b: day(hass, late) })}</div>`
          : next !== null
            ? html`<div class="small">${day(hass, next)}${plant.measures.moisture ? nothing : ` · ${say(hass, "withoutSensor")}`}</div>`
            : nothing}
        ${plant.last.watered
          ? html`<div class="small">${say(hass, "lastWatered")}: ${relative(hass, plant.last.watered)}</div>`
          : nothing}
      </div>
      ${watering
        ? html`<plant-vita-water-button .hass=${hass} .watering=${watering} ?preview=${this.preview}></plant-vita-water-button>`
        : nothing}
    </div>`;
  }

  private open(device: string | undefined): void {
    if (!this.hass || !device) return;
    const path = this.config?.navigation_path;
    if (!path) {
      const known = roles(this.hass, device);
      moreInfo(this, known.get("sensor.health")?.entity_id ?? problemOf(this.hass, device));
      return;
    }
    history.pushState(null, "", path);
    tell(window as unknown as HTMLElement, "location-changed", { replace: false });
  }

  static override styles = [base, look];
}

// Of a plant's own entities these are drawn from their states; all else comes with the feed.
const DRAWN = /^(switch\.watering|sensor\.watering_state|number\.watering_dose|image\.photo)$/;

// Before a card has a `hass` of its own, the language is the page's.
function shownTo(): Hass {
  const app = document.querySelector("home-assistant") as { hass?: Hass } | null;
  return app?.hass ?? ({ locale: { language: document.documentElement.lang || "en" } } as Hass);
}

function colour({ health, problem }: Plant): string {
  if (health === null) return problem ? "var(--pv-dry)" : "var(--secondary-text-color)";
  if (health < 50) return "var(--pv-bad)";
  return health < 75 || problem ? "var(--pv-dry)" : "var(--pv-ok)";
}

declare global {
  interface HTMLElementTagNameMap {
    "plant-vita-card": PlantVitaCard;
  }
}
