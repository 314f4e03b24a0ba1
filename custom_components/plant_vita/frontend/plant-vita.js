/*! Plant Vita. Contains Lit, (c) Google LLC, BSD-3-Clause */
var t=["home-assistant","hc-main"];await Promise.race(t.map(a=>customElements.whenDefined(a)));var e=new URL(import.meta.url);await import(new URL(`plant-vita-main.js${e.search}`,e).href);
