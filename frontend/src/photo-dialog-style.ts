import { css } from "lit";

/** A choice, in the dialog and beside a photo of the timeline. */
export const choice = css`
  select {
    min-height: 40px;
    font: inherit;
    color: inherit;
    background: var(--pv-card);
    border: 1px solid var(--pv-line);
    border-radius: 8px;
  }
`;

/** How the dialog of photos looks. */
export const look = css`
  dialog {
    box-sizing: border-box;
    width: min(720px, calc(100vw - 32px));
    max-height: calc(100dvh - 32px);
    padding: 16px 24px 24px;
    border: 0;
    border-radius: 24px;
    background: var(--ha-dialog-surface-background, var(--pv-card));
    color: var(--primary-text-color);
    font-family: var(--ha-font-family-body, inherit);
  }
  dialog::backdrop {
    background: rgb(0 0 0 / 50%);
  }
  .top,
  .actions,
  .question,
  nav,
  summary,
  li {
    display: flex;
    align-items: center;
    gap: 8px;
  }
  .top {
    justify-content: space-between;
  }
  h2 {
    margin: 0;
    font-size: 24px;
    font-weight: 400;
    overflow-wrap: anywhere;
  }
  h2:focus-visible {
    outline: none;
  }
  h3 {
    margin: 8px 0 0;
    font-size: inherit;
    font-weight: 500;
  }
  p {
    margin: 8px 0;
    overflow-wrap: anywhere;
  }
  nav {
    flex-wrap: wrap;
    margin: 8px 0 16px;
  }
  nav button,
  .plain,
  .main {
    min-height: 40px;
    padding: 0 16px;
    border-radius: 20px;
    font-weight: 500;
  }
  nav button,
  .question .plain {
    border: 1px solid var(--pv-line);
  }
  nav [aria-pressed="true"] {
    background: color-mix(in srgb, var(--primary-color) 18%, transparent);
    border-color: var(--primary-color);
  }
  .icon {
    display: grid;
    place-items: center;
    width: 48px;
    height: 48px;
    margin-inline-end: -12px;
  }
  .main {
    background: var(--primary-text-color);
    color: var(--pv-card);
  }
  [disabled] {
    opacity: 0.45;
    cursor: not-allowed;
  }
  .actions {
    flex-wrap: wrap;
    justify-content: flex-end;
    margin-top: 16px;
  }
  .columns {
    display: flex;
    flex-wrap: wrap;
    gap: 20px;
  }
  .photo {
    width: 190px;
    height: 190px;
    object-fit: cover;
    border-radius: 16px;
  }
  .side {
    flex: 1;
    min-width: min(260px, 100%);
  }
  .sources {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(132px, 1fr));
    gap: 12px;
  }
  .source {
    position: relative;
    display: flex;
    flex-direction: column;
    align-items: center;
    justify-content: center;
    gap: 8px;
    min-height: 96px;
    padding: 8px;
    border: 2px dashed var(--pv-line);
    border-radius: 16px;
    text-align: center;
    overflow-wrap: anywhere;
    cursor: pointer;
  }
  .source input {
    position: absolute;
    inset: 0;
    opacity: 0;
    cursor: pointer;
  }
  .source:focus-within {
    outline: 2px solid var(--primary-color);
  }
  .source ha-icon {
    --mdc-icon-size: 32px;
    color: var(--primary-color);
  }
  .progress {
    height: 6px;
    border-radius: 3px;
    background: linear-gradient(var(--primary-color) 0 0) no-repeat 0 / var(--share) var(--pv-quiet);
    transition: background-size 0.4s;
  }
  ul {
    margin: 8px 0;
    padding: 0;
    list-style: none;
  }
  li {
    align-items: flex-start;
    padding: 4px 0;
    overflow-wrap: anywhere;
  }
  .ways {
    padding-inline-start: 20px;
    list-style: disc;
  }
  .ways li {
    display: list-item;
  }
  .candidate {
    display: flex;
    align-items: center;
    gap: 12px;
    margin-bottom: 8px;
    padding: 8px 12px;
    border: 1px solid var(--pv-line);
    border-radius: 12px;
    cursor: pointer;
  }
  .on {
    border-color: var(--primary-color);
    background: color-mix(in srgb, var(--primary-color) 10%, transparent);
  }
  .who {
    display: flex;
    flex: 1;
    flex-direction: column;
    min-width: 0;
    overflow-wrap: anywhere;
  }
  .share {
    text-align: end;
  }
  .bar {
    display: block;
    width: 64px;
    height: 6px;
    margin-top: 4px;
    border-radius: 3px;
    background: linear-gradient(var(--pv-ok) 0 0) no-repeat 0 / var(--share) var(--pv-quiet);
  }
  details {
    margin-bottom: 8px;
    padding: 0 12px;
    border: 1px solid var(--pv-line);
    border-radius: 12px;
  }
  summary {
    min-height: 48px;
    list-style: none;
    cursor: pointer;
  }
  summary b {
    flex: 1;
  }
  details[open] summary ha-icon {
    rotate: 180deg;
  }
  .question {
    flex-wrap: wrap;
    margin: 12px 0;
  }
  .question p {
    flex: 1 1 100%;
    margin: 0;
  }
  .which {
    display: flex;
    flex-direction: column;
    gap: 4px;
  }
  @media (max-width: 500px) {
    dialog {
      width: 100vw;
      max-width: 100vw;
      height: 100dvh;
      max-height: 100dvh;
      border-radius: 0;
      padding: 8px 16px 16px;
    }
    .photo {
      width: 100%;
    }
  }
`;
