import { html, nothing, type TemplateResult } from "lit";
import type { Ailment, Diagnosed } from "./asking";
import type { Hass } from "./hass";
import { say } from "./photo-words";
import { percent } from "./words";

const SEVERITIES = { slight: "severitySlight", moderate: "severityModerate", severe: "severitySevere" } as const;
const WAYS = ["biological", "chemical", "prevention"] as const;

/** What ails a plant, with what speaks for it, and what can be done. */
export function diagnosed(hass: Hass, answer: Diagnosed, reply: (yes: boolean) => void): TemplateResult {
  const { healthy, note, findings, question } = answer;
  return html`
    ${note ? html`<p class="small">${note}</p>` : nothing}
    ${healthy !== null && healthy > 0.5 ? html`<p>${say(hass, "healthy", { p: percent(hass, healthy) })}</p>` : nothing}
    ${findings.length ? findings.map((one, index) => ailment(hass, one, index === 0)) : html`<p>${say(hass, "nothing")}</p>`}
    ${question
      ? html`<div class="question" role="group" aria-labelledby="question">
          <p id="question">${question.text} <span class="small">${question.service}</span></p>
          <button class="plain" @click=${() => reply(true)}>${say(hass, "yes")}</button>
          <button class="plain" @click=${() => reply(false)}>${say(hass, "no")}</button>
        </div>`
      : nothing}
  `;
}

function ailment(hass: Hass, one: Ailment, open: boolean): TemplateResult {
  const severity = SEVERITIES[one.severity];
  return html`<details ?open=${open}>
    <summary>
      <ha-icon icon="mdi:chevron-down"></ha-icon>
      <b>${one.name}</b>
      <span class="small">${[percent(hass, one.confidence), severity && say(hass, severity)].filter(Boolean).join(" · ")}</span>
    </summary>
    ${one.called ? html`<p class="small">${one.called}</p>` : nothing}
    ${one.description ? html`<p>${one.description}</p>` : nothing}
    <ul>
      ${one.evidence.map(
        ({ text, supports }) => html`<li>
          <ha-icon icon=${supports ? "mdi:plus" : "mdi:minus"}></ha-icon>
          <span>${text} <span class="small">${say(hass, supports ? "for" : "against")}</span></span>
        </li>`,
      )}
    </ul>
    ${WAYS.filter((way) => one.treatment[way].length).map(
      (way) => html`<h3>${say(hass, way)}</h3>
        <ul class="ways">
          ${one.treatment[way].map((text) => html`<li>${text}</li>`)}
        </ul>`,
    )}
  </details>`;
}
