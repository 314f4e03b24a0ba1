// Home Assistant's app replaces `customElements` and `HTMLElement` while it boots. A class that was
// made from the old ones is lost for good ("Configuration error" on every dashboard), and a script of
// an integration may well run before that: so wait for the app, and only then load the cards.
const apps = ["home-assistant", "hc-main"];
await Promise.race(apps.map((name) => customElements.whenDefined(name)));
const here = new URL(import.meta.url);
await import(new URL(`plant-vita-main.js${here.search}`, here).href);

export {};
