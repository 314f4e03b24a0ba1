import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import {
  ask,
  assign,
  type Diagnosed,
  type Failure,
  type Identified,
  pictureAt,
  type Services,
  servicesFor,
  type Step,
  type Task,
} from "./asking";
import { diagnosed } from "./diagnosed";
import { FOUND } from "./growth";
import { type Hass, nameOf, plantsOf, roles } from "./hass";
import { identified } from "./identified";
import { choice, look } from "./photo-dialog-style";
import { list, say } from "./photo-words";
import { base } from "./style";

export type View = "growth" | Task;

type Stage = "choosing" | "asking" | "answered" | "failed" | "assigned";

const VIEWS: View[] = ["growth", "diagnose", "identify"];
const TYPES = "image/jpeg,image/png,image/webp";
const ICONS: Record<string, string> = { asked: "mdi:progress-clock", answered: "mdi:check", no_match: "mdi:help" };

/** A plant's photos: how it has grown, what ails it, and which plant it is. */
@customElement("plant-vita-photo-dialog")
export class PlantVitaPhotoDialog extends LitElement {
  @property({ attribute: false }) hass!: Hass;
  /** Of any plant if none is given; then it can only be asked which one it is. */
  @property({ attribute: false }) device: string | undefined;
  @property({ attribute: false }) view: View = "diagnose";

  @state() private stage: Stage = "choosing";
  @state() private photo: { data: Blob; url: string } | undefined;
  @state() private services: Services | null | undefined;
  @state() private steps: Step[] = [];
  @state() private answer: Identified | Diagnosed | undefined;
  @state() private failure = "";
  @state() private picked = "";
  @state() private plant: string | undefined;

  @query("dialog") private dialog!: HTMLDialogElement;
  @query("h2") private heading!: HTMLElement;

  private giveUp: (() => void) | undefined;
  private readonly leave = (): void => this.close();

  override connectedCallback(): void {
    super.connectedCallback();
    // Going back is meant for what is in front.
    window.addEventListener("popstate", this.leave);
    window.addEventListener("location-changed", this.leave);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener("popstate", this.leave);
    window.removeEventListener("location-changed", this.leave);
    this.giveUp?.();
    this.drop();
    window.dispatchEvent(new Event(FOUND));
  }

  protected override firstUpdated(): void {
    this.plant = this.device;
    this.dialog.showModal();
    void this.lookUp();
  }

  protected override updated(changed: PropertyValues): void {
    // What has taken the place of the button that was pressed would not be read out else.
    if (changed.has("stage") && changed.get("stage") !== undefined) this.heading.focus();
  }

  private async lookUp(): Promise<void> {
    try {
      this.services = await servicesFor(this.hass, this.device);
    } catch (error) {
      const { code, message } = error as { code?: string; message?: string };
      if (code === "unauthorized") this.services = null;
      else this.fail(message ?? "");
    }
  }

  protected override render(): TemplateResult {
    const { hass, device, view } = this;
    return html`<dialog aria-labelledby="title" @close=${() => this.remove()}>
      <div class="top">
        <h2 id="title" tabindex="-1">${device ? nameOf(hass, device) : say(hass, "identify")}</h2>
        <button class="icon" aria-label=${say(hass, "close")} @click=${this.leave}><ha-icon icon="mdi:close"></ha-icon></button>
      </div>
      ${device
        ? html`<nav>
            ${VIEWS.map(
              (one) => html`<button aria-pressed=${one === view} @click=${() => this.show(one)}>${say(hass, one)}</button>`,
            )}
          </nav>`
        : nothing}
      ${view === "growth"
        ? html`<plant-vita-timeline .hass=${hass} .device=${device} asks @ask=${this.askAbout}></plant-vita-timeline>`
        : this.inquiry(view)}
    </dialog>`;
  }

  private inquiry(task: Task): TemplateResult {
    const { hass, photo, services } = this;
    if (services === null) return html`<p role="alert">${say(hass, "seeOnly")}</p>`;
    return html`<div class="columns">
      ${photo ? html`<img class="photo" src=${photo.url} alt=${say(hass, "photo")} />` : nothing}
      <div class="side">${this.staged(task, services)}</div>
    </div>`;
  }

  private staged(task: Task, services: Services | undefined): TemplateResult {
    switch (this.stage) {
      case "choosing":
        return this.choosing(task, services);
      case "asking":
        return this.progress();
      case "answered":
        return this.answered(task);
      case "assigned":
        return this.assigned();
      case "failed":
        return html`<p role="alert">${this.failure}</p>
          ${this.actions(html`<button class="main" @click=${this.again}>${say(this.hass, "retry")}</button>`)}`;
    }
  }

  private choosing(task: Task, services: Services | undefined): TemplateResult {
    const { hass, photo } = this;
    const ready = services && (task === "diagnose" || (photo && services.identify.length));
    return html`
      ${photo ? this.leaving(task, services) : this.sources()}
      ${!photo && services && task === "identify" ? this.leaving(task, services) : nothing}
      ${this.actions(html`
        ${photo ? html`<button class="plain" @click=${this.another}>${say(hass, "another")}</button>` : nothing}
        ${photo || task === "diagnose"
          ? html`<button class="main" ?disabled=${!ready} @click=${() => this.start(task)}>
              ${say(hass, photo ? "ask" : "withoutPhoto")}
            </button>`
          : nothing}
      `)}
    `;
  }

  /** To whom what goes, before it goes. */
  private leaving(task: Task, services: Services | undefined): TemplateResult | typeof nothing {
    const { hass } = this;
    if (!services) return nothing;
    const to = services[task];
    if (!to.length && task === "identify") return html`<p class="small">${say(hass, "noService")}</p>`;
    const told = task === "diagnose" ? services.readings : [];
    return html`<p class="small">
      ${to.length ? say(hass, "goesTo", { s: list(hass, to) }) : say(hass, "staysHere")}
      ${told.length ? say(hass, "readingsTo", { s: list(hass, told) }) : nothing}
      ${this.device ? say(hass, "kept") : nothing}
    </p>`;
  }

  private sources(): TemplateResult {
    const { hass } = this;
    const cameras = Object.values(hass.states).filter(
      (one) => one?.entity_id.startsWith("camera.") && one.attributes["entity_picture"],
    );
    const file = (icon: string, words: string, capture: boolean): TemplateResult => html`<label class="source">
      <ha-icon icon=${icon}></ha-icon><span>${words}</span>
      <input type="file" accept=${TYPES} capture=${capture ? "environment" : nothing} @change=${this.chosen} />
    </label>`;
    const latest = this.device && hass.states[roles(hass, this.device).get("image.photo")?.entity_id ?? ""];
    const address = latest ? (latest.attributes["entity_picture"] as string | undefined) : undefined;
    return html`<div class="sources">
      ${file("mdi:camera-outline", say(hass, "takePhoto"), true)}
      ${file("mdi:image-outline", say(hass, "chooseFile"), false)}
      ${address && latest && !["unknown", "unavailable"].includes(latest.state)
        ? html`<button class="source" @click=${() => this.fetched(address)}>
            <ha-icon icon="mdi:history"></ha-icon><span>${say(hass, "latest")}</span>
          </button>`
        : nothing}
      ${cameras.map(
        (one) => html`<button class="source" @click=${() => this.fetched(one?.attributes["entity_picture"] as string)}>
          <ha-icon icon="mdi:cctv"></ha-icon><span>${one?.attributes["friendly_name"] ?? one?.entity_id}</span>
        </button>`,
      )}
    </div>`;
  }

  private progress(): TemplateResult {
    const { hass, steps } = this;
    const asked = steps.filter(({ service }) => service);
    const over = asked.filter(({ state }) => state !== "asked").length;
    const prepared = steps.some(({ state }) => state === "prepared");
    const share = Math.round((100 * (over + (prepared ? 0.5 : 0))) / (asked.length + 1));
    return html`
      <div class="progress" role="progressbar" aria-label=${say(hass, "ask")} aria-valuenow=${share} style="--share:${share}%"></div>
      <div role="status">
        <p>${say(hass, prepared ? "prepared" : "queued")}</p>
        <ul>
          ${asked.map((one) => this.step(one))}
        </ul>
      </div>
      ${this.actions(nothing)}
    `;
  }

  private step({ service, state, message }: Step): TemplateResult {
    const words = { asked: "asked", answered: "answered", no_match: "noMatch" } as const;
    const key = words[state as keyof typeof words];
    return html`<li>
      <ha-icon icon=${ICONS[state] ?? "mdi:alert-circle-outline"}></ha-icon>
      <span><b>${service}</b> ${message ?? (key ? say(this.hass, key) : nothing)}</span>
    </li>`;
  }

  private answered(task: Task): TemplateResult {
    const { hass, answer, steps } = this;
    const to = answer?.left_the_house.to ?? [];
    const silent = steps.filter(({ message }) => message);
    return html`
      ${task === "identify"
        ? identified(hass, answer as Identified, this.services?.databases ?? [], this.picked, (name) => (this.picked = name))
        : diagnosed(hass, answer as Diagnosed, (yes) => this.start("diagnose", yes))}
      ${silent.length ? html`<ul>${silent.map((one) => this.step(one))}</ul>` : nothing}
      <p class="small">${to.length ? say(hass, "sentTo", { s: list(hass, to) }) : say(hass, "sentNothing")}</p>
      ${task === "identify" && !this.device ? this.which() : nothing}
      ${this.actions(html`
        <button class="plain" @click=${this.again}>${say(hass, "askAgain")}</button>
        ${task === "identify"
          ? html`<button class="main" ?disabled=${!this.picked || !this.plant} @click=${this.use}>${say(hass, "assign")}</button>`
          : nothing}
      `)}
    `;
  }

  /** Which plant the photo was of, where the dialog was not opened from one. */
  private which(): TemplateResult {
    const { hass } = this;
    return html`<label class="which">
      <span>${say(hass, "which")}</span>
      <select @change=${(event: Event) => (this.plant = (event.target as HTMLSelectElement).value || undefined)}>
        <option value=""></option>
        ${plantsOf(hass).map((one) => html`<option value=${one}>${nameOf(hass, one)}</option>`)}
      </select>
    </label>`;
  }

  private assigned(): TemplateResult {
    const { hass } = this;
    const species = this.proposed?.common_name ?? this.picked;
    return html`<p role="status">${say(hass, "assigned", { p: nameOf(hass, this.plant ?? ""), s: species })}</p>
      ${this.actions(nothing)}`;
  }

  private actions(more: TemplateResult | typeof nothing): TemplateResult {
    const done = this.stage === "answered" || this.stage === "assigned";
    return html`<div class="actions">
      <button class="plain" @click=${this.leave}>${say(this.hass, done ? "close" : "cancel")}</button>
      ${more}
    </div>`;
  }

  private get proposed() {
    return (this.answer as Identified | undefined)?.catalogue?.[this.picked];
  }

  private show(view: View): void {
    this.again();
    this.view = view;
  }

  private chosen(event: Event): void {
    const data = (event.target as HTMLInputElement).files?.[0];
    if (data) this.take(data);
  }

  private async fetched(address: string): Promise<void> {
    try {
      this.take(await pictureAt(address));
    } catch {
      this.fail(say(this.hass, "cameraFailed"));
    }
  }

  private askAbout(event: CustomEvent<Blob>): void {
    this.show("diagnose");
    this.take(event.detail);
  }

  private take(data: Blob): void {
    this.drop();
    this.photo = { data, url: URL.createObjectURL(data) };
  }

  private drop(): void {
    if (this.photo) URL.revokeObjectURL(this.photo.url);
    this.photo = undefined;
  }

  private another(): void {
    this.drop();
    this.again();
  }

  private again(): void {
    this.giveUp?.();
    this.stage = "choosing";
    if (!this.services) void this.lookUp();
  }

  private start(task: Task, reply?: boolean): void {
    this.giveUp?.();
    this.steps = [];
    this.stage = "asking";
    const question = { task, device: this.device, photo: this.photo?.data, ...(reply !== undefined && { answer: reply }) };
    this.giveUp = ask(this.hass, question, {
      step: (step) => (this.steps = [...this.steps.filter(({ service }) => !service || service !== step.service), step]),
      answer: (answer) => this.hear(answer),
      failed: (why) => this.fail(this.words(why)),
    });
  }

  private hear(answer: Identified | Diagnosed): void {
    this.answer = answer;
    // Chosen for nobody where nobody is sure.
    this.picked = "unknown" in answer && answer.species && answer.catalogue[answer.species] ? answer.species : "";
    this.stage = "answered";
  }

  private words(why: Failure): string {
    return "key" in why && !("message" in why) ? say(this.hass, why.key) : (why as { message: string }).message;
  }

  private fail(words: string): void {
    this.failure = words;
    this.stage = "failed";
  }

  private async use(): Promise<void> {
    const { picked, plant, proposed } = this;
    if (!picked || !plant) return;
    try {
      await assign(this.hass, plant, proposed?.species ?? picked);
      this.stage = "assigned";
    } catch (error) {
      this.fail((error as { message?: string }).message ?? "");
    }
  }

  private close(): void {
    this.dialog.close();
  }

  static override styles = [base, choice, look];
}

declare global {
  interface HTMLElementTagNameMap {
    "plant-vita-photo-dialog": PlantVitaPhotoDialog;
  }
}
