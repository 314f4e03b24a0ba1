import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import "./band";
import { type Hass, plantsOf } from "./hass";
import { PlantController } from "./plant";
import { number, say } from "./words";

interface Context {
  entity_id?: string;
}

const deviceFor = (hass: Hass, context: Context | undefined): string | undefined =>
  hass.entities[context?.entity_id ?? ""]?.device_id;

/** A tile of any entity of a plant can have the band of its moisture. */
export const supports = (hass: Hass, context: Context): boolean =>
  plantsOf(hass).includes(deviceFor(hass, context) ?? "");

/** The moisture of a plant, as a feature of Home Assistant's own tile card. */
@customElement("plant-vita-band-feature")
export class PlantVitaBandFeature extends LitElement {
  @property({ attribute: false }) hass?: Hass;
  @property({ attribute: false }) context?: Context;
  @state() private config?: object;

  private readonly feed = new PlantController(this);

  static getStubConfig(): object {
    return { type: "custom:plant-vita-band-feature" };
  }

  setConfig(config: object): void {
    this.config = config;
  }

  static override styles = css`
    :host {
      display: flex;
      align-items: center;
      height: var(--feature-height, 42px);
      padding: 0 4px;
    }
    plant-vita-band {
      flex: 1;
    }
  `;

  protected override shouldUpdate(changed: Map<PropertyKey, unknown>): boolean {
    if (!this.hass || !this.config) return false;
    const before = changed.get("hass") as Hass | undefined;
    this.feed.watch(this.hass, deviceFor(this.hass, this.context));
    return !before || changed.size > 1 || before.locale !== this.hass.locale;
  }

  protected override render(): TemplateResult | typeof nothing {
    const measure = this.feed.plant?.measures.moisture;
    if (!this.hass || !measure) return nothing;
    return html`<plant-vita-band
      .value=${measure.value}
      .band=${measure.band}
      .label=${say(this.hass, "moisture")}
      .text=${measure.value === null ? say(this.hass, "unknown") : number(this.hass, measure.value)}
      ?stale=${measure.stale}
    ></plant-vita-band>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "plant-vita-band-feature": PlantVitaBandFeature;
  }
}
