import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { deviceOf, DOMAIN, type Hass, type PlantConfig, plantsOf, roles } from "./hass";
import { loadPhotos, openPhotos } from "./lazy";
import { base } from "./style";
import { say } from "./words";

/** The growth of one plant on a dashboard; the timeline itself is loaded when it is first shown. */
@customElement("plant-vita-timeline-card")
export class PlantVitaTimelineCard extends LitElement {
  @property({ attribute: false }) hass?: Hass;
  @state() private config?: PlantConfig;

  static getStubConfig(hass: Hass): Partial<PlantConfig> {
    const device = plantsOf(hass)[0];
    return device ? { device } : {};
  }

  static getConfigForm(): object {
    const device = { integration: DOMAIN, entity: [{ domain: "event" }] };
    return { schema: [{ name: "device", required: true, selector: { device } }] };
  }

  setConfig(config: PlantConfig): void {
    if (!config.device && !config.entity) throw new Error("device");
    this.config = config;
    void loadPhotos().catch(() => undefined);
  }

  getCardSize(): number {
    return 6;
  }

  getGridOptions(): object {
    return { columns: 12, min_columns: 6 };
  }

  protected override render(): TemplateResult | typeof nothing {
    const { hass, config } = this;
    const device = hass && config && deviceOf(hass, config);
    if (!device) return nothing;
    const latest = hass.states[roles(hass, device).get("image.photo")?.entity_id ?? ""]?.state;
    return html`<ha-card>
      <div class="top">
        <h2>${say(hass, "photos")}</h2>
        <button aria-label=${say(hass, "askPhoto")} @click=${() => openPhotos(this, hass, device, "diagnose")}>
          <ha-icon icon="mdi:camera-plus-outline"></ha-icon>
        </button>
      </div>
      <plant-vita-timeline .hass=${hass} .device=${device} .latest=${latest}></plant-vita-timeline>
    </ha-card>`;
  }

  static override styles = [
    base,
    css`
      ha-card {
        padding: 8px 16px 16px;
      }
      .top {
        display: flex;
        align-items: center;
        justify-content: space-between;
      }
      h2 {
        margin: 0;
        font-size: 18px;
        font-weight: 500;
      }
      .top button {
        display: grid;
        place-items: center;
        width: 48px;
        height: 48px;
        margin-inline-end: -12px;
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    "plant-vita-timeline-card": PlantVitaTimelineCard;
  }
}
