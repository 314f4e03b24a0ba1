import { html, nothing, type TemplateResult } from "lit";
import type { Candidate, Identified, Proposal } from "./asking";
import type { Hass } from "./hass";
import { list, say } from "./photo-words";
import { number, percent } from "./words";

/** Which plants a photo may show; `picked` is the name of the one that is chosen. */
export function identified(
  hass: Hass,
  answer: Identified,
  databases: readonly string[],
  picked: string,
  pick: (name: string) => void,
): TemplateResult {
  const rest = 1 - answer.candidates.reduce((sum, one) => sum + one.confidence, 0);
  return html`
    ${answer.is_plant !== null && answer.is_plant < 0.5 ? html`<p>${say(hass, "noPlant")}</p>` : nothing}
    ${answer.unknown ? html`<p>${say(hass, "unsure")}</p>` : nothing}
    <div role="radiogroup" aria-label=${say(hass, "identify")}>
      ${answer.candidates.map((one) => candidate(hass, one, answer.catalogue[one.name], databases, one.name === picked, pick))}
    </div>
    <p class="small">${say(hass, "none")}: ${percent(hass, Math.max(0, rest))}</p>
  `;
}

function candidate(
  hass: Hass,
  one: Candidate,
  proposal: Proposal | undefined,
  databases: readonly string[],
  on: boolean,
  pick: (name: string) => void,
): TemplateResult {
  const unlisted = databases.length ? say(hass, "lookedUp", { s: list(hass, databases) }) : say(hass, "notListed");
  const common = proposal?.common_name ?? one.common_names[0];
  return html`<label class="candidate ${on ? "on" : ""}">
    <input type="radio" name="candidate" .checked=${on} ?disabled=${!proposal && !databases.length} @change=${() => pick(one.name)} />
    <span class="who">
      <b>${common ?? one.name}</b>
      <i class="small">${[one.name, one.family].filter(Boolean).join(" · ")}</i>
      ${proposal ? (on ? html`<span class="small">${wants(hass, proposal)}</span>` : nothing) : html`<span class="small">${unlisted}</span>`}
      <span class="small">${list(hass, one.services)}</span>
    </span>
    <span class="share">${percent(hass, one.confidence)}<span class="bar" style="--share:${one.confidence * 100}%"></span></span>
  </label>`;
}

/** What choosing this species would set. */
function wants(hass: Hass, { moisture, dli }: Proposal): string {
  const range = ([a, b]: [number, number]) => ({ a: number(hass, a), b: number(hass, b) });
  const parts = [
    moisture && say(hass, "setsMoisture", range(moisture)),
    dli && say(hass, "setsLight", range(dli)),
  ].filter((one) => one !== null);
  return parts.length ? say(hass, "sets", { a: list(hass, parts) }) : "";
}
