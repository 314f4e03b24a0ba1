import { css } from "lit";

/** How a plant card looks, full and compact. */
export const look = css`
  .missing {
    padding: 16px;
  }
  .head {
    display: flex;
    align-items: center;
    gap: 16px;
    padding: 16px 16px 8px;
  }
  .compact .head {
    flex: 1;
    gap: 12px;
    padding: 8px 12px;
  }
  .who {
    display: flex;
    flex-direction: column;
    min-width: 0;
    flex: 1;
  }
  .name {
    font-size: var(--ha-font-size-xl, 20px);
    font-weight: 500;
    line-height: 1.2;
    display: -webkit-box;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 2;
    overflow: hidden;
    overflow-wrap: anywhere;
  }
  .compact .name {
    font-size: 16px;
  }
  .ask {
    align-self: start;
    display: grid;
    place-items: center;
    width: 48px;
    height: 48px;
    margin: -8px;
  }
  .latin {
    font-style: italic;
  }
  .ring {
    position: relative;
    flex: none;
    width: 104px;
    height: 104px;
    display: grid;
    place-items: center;
  }
  .compact .ring {
    width: 72px;
    height: 72px;
  }
  .ring svg {
    position: absolute;
    inset: 0;
    fill: none;
    stroke-width: 6;
  }
  .ring img {
    width: 82%;
    height: 82%;
    border-radius: 50%;
    object-fit: cover;
  }
  .ring ha-icon {
    --mdc-icon-size: 48px;
    color: var(--ring);
  }
  .compact .ring ha-icon {
    --mdc-icon-size: 32px;
  }
  .compact {
    container-type: inline-size;
  }
  @container (max-width: 220px) {
    .compact .head {
      gap: 8px;
      padding: 8px;
    }
    .compact .ring {
      width: 48px;
      height: 48px;
    }
    .compact .ring ha-icon {
      --mdc-icon-size: 24px;
    }
    .compact .condition ha-icon {
      display: none;
    }
  }
  .score {
    position: absolute;
    inset-inline-end: -2px;
    bottom: -2px;
    min-width: 26px;
    box-sizing: border-box;
    padding: 2px 4px;
    border-radius: 13px;
    border: 1px solid var(--pv-line);
    background: var(--pv-card);
    font-weight: 600;
    font-size: 13px;
    text-align: center;
  }
  .condition {
    display: flex;
    align-items: center;
    gap: 6px;
    margin-top: 8px;
  }
  .compact .condition {
    margin: 2px 0;
  }
  .ok ha-icon {
    color: var(--pv-ok);
  }
  .warn ha-icon {
    color: var(--pv-dry);
  }
  .body {
    display: flex;
    flex-direction: column;
    gap: 14px;
    padding: 8px 16px 16px;
  }
  .row {
    display: grid;
    grid-template-columns: 24px minmax(0, 1fr) auto;
    gap: 4px 12px;
    align-items: center;
  }
  .scale {
    display: block;
  }
  .labels,
  .axis {
    display: flex;
    justify-content: space-between;
    gap: 8px;
  }
  .value {
    min-width: 56px;
    font-size: 18px;
    font-weight: 500;
    text-align: end;
  }
  .old {
    opacity: 0.6;
  }
  .chart {
    margin-inline-start: 36px;
    margin-top: -4px;
  }
  .chart svg {
    display: block;
    width: 100%;
    height: 72px;
  }
  .foot {
    display: flex;
    flex-wrap: wrap;
    gap: 8px 12px;
    align-items: center;
    justify-content: space-between;
    border-top: 1px solid var(--pv-line);
    padding-top: 12px;
  }
  .big {
    font-size: 18px;
    font-weight: 500;
  }
`;
