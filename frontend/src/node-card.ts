import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { deviceOf, DOMAIN, domainOf, type EntityState, type Hass, moreInfo, nameOf, nodesOf, type PlantConfig } from "./hass";
import { News } from "./news";
import { base } from "./style";
import { relative, say } from "./words";

/** One node: whether it is there, what it measures and drives, and what is wrong with it. */
@customElement("plant-vita-node-card")
export class PlantVitaNodeCard extends LitElement {
  @property({ attribute: false }) hass?: Hass;
  @state() private config?: PlantConfig;

  private readonly news = new News(this);

  static getStubConfig(hass: Hass): Partial<PlantConfig> {
    const device = nodesOf(hass)[0];
    return device ? { device } : {};
  }

  static getConfigForm(): object {
    return { schema: [{ name: "device", required: true, selector: { device: { integration: DOMAIN } } }] };
  }

  setConfig(config: PlantConfig): void {
    if (!config.device && !config.entity) throw new Error("device");
    this.config = config;
  }

  getCardSize(): number {
    return 5;
  }

  getGridOptions(): object {
    return { columns: 12, min_columns: 6 };
  }

  protected override shouldUpdate(changed: PropertyValues): boolean {
    if (!this.hass || !this.config) return false;
    return this.news.in(this.states(this.hass), changed);
  }

  /** All channels of a node: several may have the same role, so they are not looked up by it. */
  private states(hass: Hass): (EntityState | undefined)[] {
    const device = deviceOf(hass, this.config as PlantConfig);
    return Object.values(hass.entities)
      .filter((entity) => entity.device_id === device && !entity.hidden)
      .map(({ entity_id }) => hass.states[entity_id]);
  }

  protected override render(): TemplateResult | typeof nothing {
    const { hass, config } = this;
    const device = hass && config && deviceOf(hass, config);
    if (!device || !hass.devices[device]) return nothing;
    const all = this.states(hass).filter((one) => one !== undefined);
    const problem = all.find((one) => hass.entities[one.entity_id]?.translation_key === "problem");
    const shown = all.filter((one) => one !== problem && SHOWN.has(domainOf(one.entity_id)));
    const version = hass.devices[device]?.sw_version;
    return html`<ha-card>
      <div class="head">
        <ha-icon icon="mdi:access-point"></ha-icon>
        <span class="who">
          <span class="name cut">${nameOf(hass, device)}</span>
          <span class="small cut">${[hass.devices[device]?.model, version && `${say(hass, "firmware")} ${version}`].filter(Boolean).join(" · ")}</span>
        </span>
        ${problem ? html`<button class="small ${problem.state}" @click=${() => moreInfo(this, problem.entity_id)}>${hass.formatEntityState(problem)}</button>` : nothing}
      </div>
      ${shown.map((one) => this.line(hass, one))}
    </ha-card>`;
  }

  private line(hass: Hass, one: EntityState): TemplateResult {
    const name = String(one.attributes["friendly_name"] ?? one.entity_id);
    const node = nameOf(hass, hass.entities[one.entity_id]?.device_id ?? "");
    const moment = one.attributes["device_class"] === "timestamp" && Date.parse(one.state);
    return html`<button class="line" @click=${() => moreInfo(this, one.entity_id)}>
      <span class="cut">${name.startsWith(`${node} `) ? name.slice(node.length + 1) : name}</span>
      <span>${moment ? relative(hass, moment / 1000) : hass.formatEntityState(one)}</span>
    </button>`;
  }

  static override styles = [
    base,
    css`
      .head,
      .line {
        display: flex;
        align-items: center;
        gap: 12px;
        padding: 0 16px;
        min-height: 36px;
      }
      .head {
        min-height: 64px;
      }
      .who {
        display: flex;
        flex-direction: column;
        flex: 1;
        min-width: 0;
      }
      .name {
        font-size: 18px;
        font-weight: 500;
      }
      .line {
        justify-content: space-between;
      }
      .on {
        color: var(--pv-bad);
      }
      ha-card {
        padding-bottom: 8px;
      }
    `,
  ];
}

const SHOWN = new Set(["sensor", "binary_sensor", "switch"]);

declare global {
  interface HTMLElementTagNameMap {
    "plant-vita-node-card": PlantVitaNodeCard;
  }
}
