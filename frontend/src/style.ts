import { css } from "lit";

export const base = css`
  :host {
    display: block;
    --pv-ok: var(--success-color, #43a047);
    --pv-dry: var(--warning-color, #ffa600);
    --pv-bad: var(--error-color, #db4437);
    --pv-wet: var(--info-color, #039be5);
    --pv-line: var(--divider-color, #e0e0e0);
    --pv-card: var(--ha-card-background, var(--card-background-color, #fff));
    --pv-quiet: color-mix(in srgb, var(--secondary-text-color) 20%, transparent);
    --pv-soft: color-mix(in srgb, var(--pv-ok) 22%, transparent);
  }
  ha-card {
    height: 100%;
    overflow: hidden;
    display: flex;
    flex-direction: column;
  }
  ha-icon {
    --mdc-icon-size: 20px;
    color: var(--secondary-text-color);
    flex: none;
  }
  .small {
    color: var(--secondary-text-color);
    font-size: var(--ha-font-size-s, 12px);
    line-height: 1.35;
  }
  .cut {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  button {
    font: inherit;
    color: inherit;
    cursor: pointer;
    border: 0;
    background: none;
    padding: 0;
    text-align: start;
  }
  :focus-visible {
    outline: 2px solid var(--primary-color);
    outline-offset: 2px;
    border-radius: 8px;
  }
  @media (prefers-reduced-motion: reduce) {
    * {
      transition: none !important;
    }
  }
`;
