import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { type EntityState, type Hass, moreInfo, nameOf, plantsOf, roles } from "./hass";
import { openPhotos } from "./lazy";
import { News } from "./news";
import { base } from "./style";
import { day, relative, say } from "./words";

const SHOWN = 5;

interface Due {
  device: string;
  state: EntityState;
  at: number;
}

/** Which plants want water next, in order: the order changes by itself, a dashboard's does not. */
@customElement("plant-vita-next-card")
export class PlantVitaNextCard extends LitElement {
  @property({ attribute: false }) hass?: Hass;
  @state() private config?: object;

  private readonly news = new News(this);

  setConfig(config: object): void {
    this.config = config;
  }

  getCardSize(): number {
    return 3;
  }

  getGridOptions(): object {
    return { columns: 12, min_columns: 6 };
  }

  protected override shouldUpdate(changed: PropertyValues): boolean {
    const { hass } = this;
    if (!hass || !this.config) return false;
    return this.news.in(plantsOf(hass).map((device) => stateOf(hass, device)), changed);
  }

  protected override render(): TemplateResult | typeof nothing {
    const { hass } = this;
    if (!hass) return nothing;
    const due = plantsOf(hass)
      .map((device): Due => {
        const state = stateOf(hass, device);
        return { device, state: state as EntityState, at: Date.parse(state?.state ?? "") / 1000 };
      })
      .filter(({ at }) => Number.isFinite(at))
      .sort((a, b) => a.at - b.at)
      .slice(0, SHOWN);
    return html`<ha-card>
      <div class="top">
        <h2>${say(hass, "nextWaterings")}</h2>
        <button class="ask" aria-label=${say(hass, "askPhoto")} @click=${() => openPhotos(this, hass, undefined, "identify")}>
          <ha-icon icon="mdi:camera-plus-outline"></ha-icon>
        </button>
      </div>
      ${due.map(
        ({ device, state, at }) => html`<button class="line" @click=${() => moreInfo(this, state.entity_id)}>
          <ha-icon icon="mdi:watering-can-outline"></ha-icon>
          <span class="cut">${nameOf(hass, device)}</span>
          <span class="small">${relative(hass, at)} · ${day(hass, at)}</span>
        </button>`,
      )}
      ${due.length ? nothing : html`<p class="small">${say(hass, "nextUnknown")}</p>`}
    </ha-card>`;
  }

  static override styles = [
    base,
    css`
      ha-card {
        padding: 8px 0;
      }
      .top {
        display: flex;
        align-items: center;
        justify-content: space-between;
        padding-inline: 16px 4px;
      }
      h2 {
        margin: 4px 0;
        font-size: 16px;
        font-weight: 500;
      }
      .ask {
        display: grid;
        place-items: center;
        width: 48px;
        height: 48px;
      }
      .line {
        display: flex;
        align-items: center;
        gap: 12px;
        min-height: 40px;
        padding: 0 16px;
      }
      p {
        margin: 4px 16px;
      }
      .cut {
        flex: 1;
      }
    `,
  ];
}

const stateOf = (hass: Hass, device: string): EntityState | undefined =>
  hass.states[roles(hass, device).get("sensor.next_watering")?.entity_id ?? ""];

declare global {
  interface HTMLElementTagNameMap {
    "plant-vita-next-card": PlantVitaNextCard;
  }
}
