import { css, html, LitElement, nothing, type PropertyValues, svg, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { pictureAt } from "./asking";
import { dots, FOUND, type KeptPhoto, photosOf, SIZE } from "./growth";
import { type Hass, tell } from "./hass";
import { choice } from "./photo-dialog-style";
import { list, say } from "./photo-words";
import { base } from "./style";
import { day, percent } from "./words";

/** How a plant has grown: its photos, their green area, and what was found in them. */
@customElement("plant-vita-timeline")
export class PlantVitaTimeline extends LitElement {
  @property({ attribute: false }) hass!: Hass;
  @property({ attribute: false }) device: string | undefined;
  /** When the newest photo was taken, as its entity says it: another one is looked for. */
  @property({ attribute: false }) latest: string | undefined;
  /** Whether somebody here can ask about a photo: an `ask` event with its bytes says so. */
  @property({ type: Boolean }) asks = false;

  /** The oldest first. */
  @state() private photos: KeptPhoto[] | undefined;
  @state() private more = false;
  @state() private at = 0;
  @state() private other: string | undefined;
  @state() private failed = false;

  private of: string | undefined;
  private renewed = 0;
  private readonly again = (): void => void this.load();

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener(FOUND, this.again);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener(FOUND, this.again);
  }

  protected override shouldUpdate(changed: PropertyValues): boolean {
    const before = changed.get("hass") as Hass | undefined;
    // A new `hass` comes with every change in the house, and only its language is drawn here.
    return !before || changed.size > 1 || before.locale !== this.hass.locale;
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (this.of !== this.device) {
      this.of = this.device;
      this.photos = undefined;
      this.other = undefined;
      void this.load();
    } else if (changed.has("latest")) void this.load();
  }

  protected override updated(): void {
    // The chosen one is in sight; the page around stays where it is.
    const strip = this.renderRoot.querySelector<HTMLElement>(".strip");
    const chosen = strip?.querySelector<HTMLElement>("[aria-pressed=true]");
    if (strip && chosen) strip.scrollLeft = chosen.offsetLeft - strip.offsetLeft - (strip.clientWidth - chosen.offsetWidth) / 2;
  }

  private async load(before?: KeptPhoto): Promise<void> {
    const { device } = this;
    if (!device) return;
    try {
      const { photos, more } = await photosOf(this.hass, device, before);
      if (device !== this.device) return;
      const known = before ? (this.photos ?? []) : [];
      this.photos = [...photos.reverse(), ...known];
      this.at = before ? this.at + photos.length : this.photos.length - 1;
      this.more = more;
      this.failed = false;
    } catch {
      this.failed = true;
    }
  }

  protected override render(): TemplateResult {
    const { hass, photos } = this;
    if (this.failed) {
      return html`<p role="alert">${say(hass, "failed")}</p>
        <button class="plain" @click=${() => this.load()}>${say(hass, "retry")}</button>`;
    }
    if (!photos) return html`<div class="empty" aria-busy="true"></div>`;
    const photo = photos[this.at];
    if (!photo) return html`<p class="small">${say(hass, "noPhotos")}</p>`;
    const other = photos.find(({ id }) => id === this.other);
    return html`
      <div class="pictures">${this.picture(photo)} ${other ? this.picture(other) : nothing}</div>
      ${photos.length > 1 ? this.course(photos, photo) : nothing}
      <div class="strip" role="group" aria-label=${say(hass, "growth")}>
        ${this.more
          ? html`<button class="plain" @click=${() => this.load(photos[0])}>${say(hass, "earlier")}</button>`
          : nothing}
        ${photos.map((one, index) => this.thumbnail(one, index))}
      </div>
      <div class="actions">
        ${photos.length > 1 ? this.compare(photos, photo) : nothing}
        ${this.asks
          ? html`<button class="plain" @click=${() => this.ask(photo)}>${say(hass, "askAbout")}</button>`
          : nothing}
      </div>
    `;
  }

  private picture(photo: KeptPhoto): TemplateResult {
    const { hass } = this;
    const when = day(hass, photo.taken);
    const grown = photo.growth === null ? nothing : signed(hass, photo.growth);
    return html`<figure>
      <img src=${photo.url} alt=${say(hass, "photoOf", { t: when })} @error=${this.stale} />
      <figcaption>
        <b>${when}</b>
        <span>${say(hass, "green", { p: percent(hass, photo.green / 100) })}</span>
        ${grown === nothing ? nothing : html`<span class="small">${say(hass, "grown", { p: grown as string })}</span>`}
        ${photo.findings.map(
          (one) => html`<span class="finding ${one.kind}">
            <ha-icon icon=${one.kind === "identify" ? "mdi:leaf" : "mdi:stethoscope"}></ha-icon>
            <span>
              ${one.title}${one.confidence === null ? nothing : ` · ${percent(hass, one.confidence)}`}
              ${one.text ? html`<span class="small">${one.text}</span>` : nothing}
              ${one.providers.length ? html`<span class="small">${list(hass, one.providers)}</span>` : nothing}
            </span>
          </span>`,
        )}
      </figcaption>
    </figure>`;
  }

  /** The curve of the green area, with a mark where something was found, and the scrubber below. */
  private course(photos: KeptPhoto[], photo: KeptPhoto): TemplateResult {
    const { hass } = this;
    const places = dots(photos);
    const line = places.map(({ x, y }, index) => `${index ? "L" : "M"}${x} ${y}`).join("");
    const between = { a: day(hass, photos[0]!.taken), b: day(hass, photos.at(-1)!.taken) };
    return html`${svg`<svg viewBox=${SIZE} role="img" aria-label=${say(hass, "greenLabel", between)}>
        <path d=${line} fill="none" stroke="var(--pv-ok)" stroke-width="2.5"/>
        ${places.map(
          ({ x, y }, index) => svg`<circle cx=${x} cy=${y} r=${index === this.at ? 8 : 5}
            fill=${ailing(photos[index]) ? "var(--pv-dry)" : "var(--pv-ok)"} stroke="var(--pv-card)" stroke-width="2"/>`,
        )}
      </svg>`}
      <input
        type="range"
        min="0"
        max=${photos.length - 1}
        .value=${String(this.at)}
        aria-label=${say(hass, "photo")}
        aria-valuetext=${day(hass, photo.taken)}
        @input=${(event: Event) => (this.at = Number((event.target as HTMLInputElement).value))}
      />`;
  }

  private thumbnail(photo: KeptPhoto, index: number): TemplateResult {
    return html`<button
      class="thumbnail ${ailing(photo) ? "ailing" : ""}"
      aria-pressed=${index === this.at}
      aria-label=${say(this.hass, "photoOf", { t: day(this.hass, photo.taken) })}
      @click=${() => (this.at = index)}
    >
      <img src=${photo.thumbnail} alt="" loading="lazy" />
    </button>`;
  }

  private compare(photos: KeptPhoto[], photo: KeptPhoto): TemplateResult {
    const { hass } = this;
    return html`<label>
      ${say(hass, "compare")}
      <select @change=${(event: Event) => (this.other = (event.target as HTMLSelectElement).value || undefined)}>
        <option value="">${say(hass, "compareNone")}</option>
        ${photos
          .filter((one) => one !== photo)
          .map((one) => html`<option value=${one.id} ?selected=${one.id === this.other}>${day(hass, one.taken)}</option>`)}
      </select>
    </label>`;
  }

  private async ask({ url }: KeptPhoto): Promise<void> {
    try {
      tell(this, "ask", await pictureAt(url));
    } catch {
      this.failed = true;
    }
  }

  private stale(): void {
    // Addresses are good for a day, and a dashboard on a wall stays open for longer.
    if (Date.now() - this.renewed < RENEW_MS) return;
    this.renewed = Date.now();
    void this.load();
  }

  static override styles = [
    base,
    choice,
    css`
      .empty {
        min-height: 160px;
      }
      .pictures {
        display: flex;
        flex-wrap: wrap;
        gap: 16px;
      }
      figure {
        flex: 1;
        min-width: min(200px, 100%);
        margin: 0;
      }
      figure img {
        width: 100%;
        max-height: 320px;
        object-fit: contain;
        border-radius: 12px;
        background: var(--pv-quiet);
      }
      figcaption,
      .finding > span {
        display: flex;
        flex-direction: column;
        gap: 2px;
        overflow-wrap: anywhere;
      }
      .finding {
        display: flex;
        gap: 8px;
        margin-top: 6px;
      }
      svg {
        display: block;
        width: 100%;
        margin-top: 8px;
      }
      input {
        width: 100%;
        margin: 4px 0;
        accent-color: var(--primary-color);
      }
      .strip {
        display: flex;
        gap: 6px;
        padding: 4px;
        overflow-x: auto;
      }
      .thumbnail {
        flex: none;
        width: 56px;
        height: 56px;
        border: 2px solid transparent;
        border-radius: 10px;
        overflow: hidden;
      }
      .thumbnail img {
        width: 100%;
        height: 100%;
        object-fit: cover;
      }
      .thumbnail[aria-pressed="true"] {
        border-color: var(--primary-color);
      }
      .ailing {
        box-shadow: inset 0 -6px var(--pv-dry);
      }
      .actions {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        justify-content: space-between;
        gap: 8px;
        margin-top: 8px;
      }
      .plain {
        min-height: 40px;
        padding: 0 12px;
        border-radius: 20px;
        font-weight: 500;
        flex: none;
      }
    `,
  ];
}

const RENEW_MS = 3_600_000;

const ailing = (photo: KeptPhoto | undefined): boolean =>
  photo?.findings.some(({ kind }) => kind === "diagnose") ?? false;

const signed = (hass: Hass, growth: number): string =>
  new Intl.NumberFormat(hass.locale.language, {
    style: "percent",
    signDisplay: "exceptZero",
    maximumFractionDigits: 0,
  }).format(growth / 100);

declare global {
  interface HTMLElementTagNameMap {
    "plant-vita-timeline": PlantVitaTimeline;
  }
}
