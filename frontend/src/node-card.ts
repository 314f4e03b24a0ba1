import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { deviceOf, DOMAIN, domainOf, type EntityState, type Hass, moreInfo, nameOf, nodesOf, type PlantConfig } from "./hass";
import { News } from "./news";
import { base } from "./style";
import { number, relative, say, span } from "./words";

/** How a node is connected, and the faults of its inputs by their entities; times in Unix seconds. */
interface Status {
  available: boolean;
  connected: boolean;
  cable: boolean;
  sleeps: boolean;
  every: number;
  signal: number | null;
  last_seen: number | null;
  started: number | null;
  faults: Record<string, string>;
}

const ASK_MS = 30_000;

/** One node: whether it is there, what it measures and drives, and what is wrong with it. */
@customElement("plant-vita-node-card")
export class PlantVitaNodeCard extends LitElement {
  @property({ attribute: false }) hass?: Hass;
  @state() private config?: PlantConfig;

  @state() private status?: Status;

  private readonly news = new News(this);
  private asked = 0;

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

  protected override updated(): void {
    // Drawn anew with every reading, and once a minute without one.
    if (Date.now() - this.asked > ASK_MS) void this.ask();
  }

  private async ask(): Promise<void> {
    const { hass, config } = this;
    const device = hass && config && deviceOf(hass, config);
    if (!device) return;
    this.asked = Date.now();
    try {
      this.status = await hass.callWS<Status>({ type: `${DOMAIN}/node/status`, device_id: device });
    } catch {
      // What it had said may be wrong by now; its entities say that it is gone.
      delete this.status;
    }
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
    const shown = all.filter(
      ({ entity_id: id }) =>
        id !== problem?.entity_id && SHOWN.has(domainOf(id)) && !TOLD.has(hass.entities[id]?.translation_key ?? ""),
    );
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
      ${this.status ? this.link(hass, this.status) : nothing} ${shown.map((one) => this.line(hass, one))}
    </ha-card>`;
  }

  private link(hass: Hass, { available, connected, cable, sleeps, every, ...more }: Status): TemplateResult {
    const awake = connected ? say(hass, cable ? "cable" : "connected") : say(hass, "away");
    const how = sleeps && available && !connected ? say(hass, "asleep", { t: span(hass, every) }) : awake;
    const told = (key: string, words: string): TemplateResult => html`<div class="line small">
      <span>${hass.localize(`component.${DOMAIN}.entity.sensor.${key}.name`)}</span><span>${words}</span>
    </div>`;
    return html`<div class="line ${available ? "" : "on"}">${how}</div>
      ${more.signal === null ? nothing : told("signal", `${number(hass, more.signal)} dBm`)}
      ${more.last_seen === null ? nothing : told("last_seen", relative(hass, more.last_seen))}
      ${more.started === null ? nothing : told("started", relative(hass, more.started))}`;
  }

  private line(hass: Hass, one: EntityState): TemplateResult {
    const name = String(one.attributes["friendly_name"] ?? one.entity_id);
    const node = nameOf(hass, hass.entities[one.entity_id]?.device_id ?? "");
    const fault = this.status?.faults[one.entity_id];
    const moment = one.attributes["device_class"] === "timestamp" && Date.parse(one.state);
    return html`<button class="line" @click=${() => moreInfo(this, one.entity_id)}>
      <span class="cut">${name.startsWith(`${node} `) ? name.slice(node.length + 1) : name}</span>
      ${fault
        ? html`<span class="on">${hass.localize(`${FAULTS}.${fault}`) || fault}</span>`
        : html`<span>${moment ? relative(hass, moment / 1000) : hass.formatEntityState(one)}</span>`}
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

const FAULTS = `component.${DOMAIN}.entity.binary_sensor.problem.state_attributes.faults.state`;
// These are told whether their entities are enabled or not.
const TOLD = new Set(["signal", "last_seen", "started"]);
const SHOWN = new Set(["sensor", "binary_sensor", "switch"]);

declare global {
  interface HTMLElementTagNameMap {
    "plant-vita-node-card": PlantVitaNodeCard;
  }
}
