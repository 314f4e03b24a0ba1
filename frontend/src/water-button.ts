import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { Hass } from "./hass";
import { base } from "./style";
import { stop, type Watering, water } from "./watering";
import { say } from "./words";

export const HOLD_MS = 1200;
const ARMED_MS = 5000;

/**
 * Held for 1.2 s it waters, while it runs a press stops it. A short tap does nothing: a thumb that
 * scrolls must not flood a pot. Whoever cannot hold, such as the user of a screen reader, whose
 * clicks come without a pointer or a key, presses twice.
 */
@customElement("plant-vita-water-button")
export class PlantVitaWaterButton extends LitElement {
  @property({ attribute: false }) hass!: Hass;
  @property({ attribute: false }) watering!: Watering;
  @property({ type: Boolean }) preview = false;

  @state() private holding = false;
  @state() private armed = false;
  @state() private busy = false;
  @state() private said = "";

  private timer: ReturnType<typeof setTimeout> | undefined;
  private pressed = false;

  static override styles = [
    base,
    css`
      :host {
        display: contents;
      }
      button {
        position: relative;
        overflow: hidden;
        display: inline-flex;
        align-items: center;
        gap: 8px;
        min-height: 48px;
        padding: 0 16px;
        border-radius: var(--ha-card-border-radius, 12px);
        background: color-mix(in srgb, var(--primary-color) 16%, transparent);
        touch-action: none;
        user-select: none;
        -webkit-touch-callout: none;
      }
      button > * {
        position: relative;
      }
      ha-icon {
        color: var(--primary-color);
      }
      .fill {
        position: absolute;
        inset: 0;
        background: color-mix(in srgb, var(--primary-color) 38%, transparent);
        transform: scaleX(0);
        transform-origin: left;
      }
      :dir(rtl) .fill {
        transform-origin: right;
      }
      .held .fill {
        transform: scaleX(1);
        transition: transform ${HOLD_MS}ms linear;
      }
      [aria-disabled="true"] {
        cursor: not-allowed;
        background: color-mix(in srgb, var(--secondary-text-color) 14%, transparent);
      }
      [aria-disabled="true"] ha-icon {
        color: var(--secondary-text-color);
      }
      .said {
        grid-column: 1 / -1;
        flex-basis: 100%;
      }
      .said:empty {
        display: none;
      }
    `,
  ];

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.release();
  }

  protected override render(): TemplateResult {
    const { locked, running, dose } = this.watering;
    const icon = locked
      ? "mdi:water-off-outline"
      : running
        ? "mdi:stop-circle-outline"
        : "mdi:watering-can-outline";
    return html`<button
        class=${this.holding ? "held" : ""}
        aria-disabled=${locked || this.busy ? "true" : "false"}
        aria-describedby="said"
        @pointerdown=${this.press}
        @pointerup=${this.release}
        @pointerleave=${this.release}
        @pointercancel=${this.release}
        @keydown=${this.keyDown}
        @keyup=${this.release}
        @blur=${this.release}
        @click=${this.clicked}
        @contextmenu=${(event: Event) => event.preventDefault()}
      >
        <span class="fill"></span>
        <ha-icon icon=${icon}></ha-icon>
        <span>${this.label()} ${dose && !running ? html`<span class="small">${dose}</span>` : nothing}</span>
      </button>
      <div id="said" class="said small" role="status">
        ${this.said || (locked ? say(this.hass, "locked", { r: locked }) : "")}
      </div>`;
  }

  private label(): string {
    if (this.watering.running) return say(this.hass, "stop");
    if (this.watering.locked) return say(this.hass, "water");
    if (this.armed) return say(this.hass, "confirm");
    return say(this.hass, this.holding ? "holding" : "hold");
  }

  private get free(): boolean {
    return !this.watering.locked && !this.busy && !this.preview;
  }

  private press(event: Event): void {
    if (event instanceof PointerEvent && event.button !== 0) return;
    this.pressed = true;
    if (!this.free || this.watering.running) return;
    this.holding = true;
    // Longer words must not make it wrap: it would leave the finger, and let go.
    if (this.button) this.button.style.width = `${this.button.offsetWidth}px`;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.release();
      void this.act(water);
    }, HOLD_MS);
  }

  private release(): void {
    if (!this.holding) return;
    clearTimeout(this.timer);
    this.holding = false;
    if (this.button) this.button.style.width = "";
  }

  private get button(): HTMLElement | null {
    return this.renderRoot.querySelector("button");
  }

  private keyDown(event: KeyboardEvent): void {
    if (event.repeat || (event.key !== " " && event.key !== "Enter")) return;
    this.press(event);
  }

  private clicked(): void {
    const byHand = this.pressed;
    this.pressed = false;
    if (!this.free) return;
    if (this.watering.running) void this.act(stop);
    else if (!byHand && this.armed) void this.act(water);
    else if (!byHand) this.arm();
  }

  private arm(): void {
    this.armed = true;
    setTimeout(() => (this.armed = false), ARMED_MS);
  }

  private async act(what: typeof water): Promise<void> {
    this.armed = false;
    this.busy = true;
    this.said = "";
    try {
      await what(this.hass, this.watering);
      if (what === water) this.said = say(this.hass, "watering");
      setTimeout(() => (this.said = ""), ARMED_MS);
    } catch (error) {
      // It stays until the next press: who looks away for a moment has to find it.
      const message = error instanceof Error ? error.message : (error as { message?: string }).message;
      this.said = say(this.hass, "failed", { e: message ?? "" });
    } finally {
      this.busy = false;
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "plant-vita-water-button": PlantVitaWaterButton;
  }
}
