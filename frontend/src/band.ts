import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { Band } from "./plant";

/** A value on its scale, with the range where it is good. */
@customElement("plant-vita-band")
export class PlantVitaBand extends LitElement {
  @property({ attribute: false }) value: number | null = null;
  @property({ attribute: false }) band: Band | null = null;
  @property({ attribute: false }) label = "";
  @property({ attribute: false }) text = "";
  @property({ type: Boolean, reflect: true }) stale = false;
  /** What a sum that is still growing will come to: that it is low so far says nothing. */
  @property({ attribute: false }) ahead: number | null = null;
  @property({ type: Boolean }) growing = false;

  static override styles = css`
    :host {
      display: block;
      position: relative;
      height: 16px;
    }
    .track,
    .zone,
    .ahead,
    .mark {
      position: absolute;
      border-radius: 3px;
    }
    .track {
      inset: 5px 0;
      background: color-mix(in srgb, var(--secondary-text-color) 20%, transparent);
    }
    .zone {
      inset-block: 0;
      background: color-mix(in srgb, var(--success-color, #43a047) 62%, transparent);
    }
    .ahead {
      inset-block: 5px;
      background: repeating-linear-gradient(90deg, var(--mark) 0 3px, transparent 3px 6px);
    }
    .mark {
      top: 0;
      width: 4px;
      height: 16px;
      margin-inline-start: -2px;
      background: var(--mark);
      box-shadow: 0 0 0 2px var(--ha-card-background, var(--card-background-color, #fff));
    }
    :host([stale]) .mark {
      opacity: 0.4;
    }
  `;

  protected override render(): TemplateResult {
    const { value, ahead } = this;
    const [start, end] = scale(value === null ? null : Math.max(value, ahead ?? value), this.band);
    const place = (value: number): number => clamp(((value - start) / (end - start)) * 100);
    const [, low, high] = this.band ?? [0, 0, 0, 0];
    return html`<div
      role="meter"
      aria-label=${this.label}
      aria-valuemin=${start}
      aria-valuemax=${end}
      aria-valuenow=${this.value ?? nothing}
      aria-valuetext=${this.text}
      style="--mark:${this.colour()}"
    >
      <div class="track">
        ${this.band
          ? html`<div
              class="zone"
              style="inset-inline-start:${place(low)}%;width:${place(high) - place(low)}%"
            ></div>`
          : nothing}
      </div>
      ${value === null || ahead === null || ahead <= value
        ? nothing
        : html`<div class="ahead" style="inset-inline-start:${place(value)}%;width:${place(ahead) - place(value)}%"></div>`}
      ${value === null ? nothing : html`<div class="mark" style="inset-inline-start:${place(value)}%"></div>`}
    </div>`;
  }

  private colour(): string {
    // A sum is judged by what it will come to.
    const value = this.growing ? this.ahead : this.value;
    if (value === null || !this.band) return "var(--primary-text-color)";
    if (value < this.band[1]) return "var(--warning-color, #ffa600)";
    if (value > this.band[2]) return "var(--info-color, #039be5)";
    return "var(--primary-text-color)";
  }
}

const clamp = (value: number): number => Math.min(100, Math.max(0, value));

/** From a little below what the plant bears to a little above, and never without the value. */
export function scale(value: number | null, band: Band | null): [start: number, end: number] {
  const [minimum, , , maximum] = band ?? [0, 0, 0, 100];
  const margin = (maximum - minimum) * 0.2 || 1;
  const least = Math.min(minimum, value ?? minimum);
  const start = Math.min(least, Math.max(minimum - margin, minimum < 0 ? -Infinity : 0));
  return [start, Math.max(maximum + margin, value ?? maximum)];
}

declare global {
  interface HTMLElementTagNameMap {
    "plant-vita-band": PlantVitaBand;
  }
}
