// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Diagnosed, Identified, Listener, Question, Services } from "./asking";
import { BASIL, house, type House, settle } from "./house";
import "./photo-dialog";
import type { PlantVitaPhotoDialog } from "./photo-dialog";
import { PHOTO_TEXTS } from "./photo-texts";

const asked: { question: Question; listener: Listener; stopped: boolean }[] = [];
const assign = vi.fn((..._what: unknown[]): Promise<unknown> => Promise.resolve());
let services: Promise<Services>;

vi.mock("./asking", () => ({
  ask: (_: unknown, question: Question, listener: Listener) => {
    const one = { question, listener, stopped: false };
    asked.push(one);
    return () => void (one.stopped = true);
  },
  assign: (...what: unknown[]) => assign(...what),
  servicesFor: () => services,
  pictureAt: () => Promise.resolve(new Blob(["latest"])),
}));

const EVIL = `<img src=x onerror="alert(1)">`;
const FOUND: Identified = {
  unknown: false,
  species: "Monstera deliciosa",
  is_plant: 0.98,
  candidates: [
    { name: "Monstera deliciosa", confidence: 0.87, common_names: ["Ceriman"], family: "Araceae", services: ["Plant.id", "Pl@ntNet"] },
    { name: EVIL, confidence: 0.06, common_names: [EVIL], family: EVIL, services: [EVIL] },
  ],
  catalogue: {
    "Monstera deliciosa": { species: "monstera_deliciosa", common_name: "Swiss cheese plant", moisture: [25, 55], dli: null },
  },
  left_the_house: { to: ["Plant.id"] },
};
const AILING: Diagnosed = {
  healthy: 0.2,
  note: EVIL,
  findings: [
    {
      name: "Too much water",
      called: EVIL,
      confidence: 0.72,
      severity: "moderate",
      description: EVIL,
      evidence: [
        { text: "The soil was wet for 9 days.", supports: true },
        { text: EVIL, supports: false },
      ],
      treatment: { biological: [EVIL], chemical: [], prevention: ["Water less often."] },
    },
  ],
  question: { text: EVIL, service: "Plant.id" },
  left_the_house: { to: [] },
};

let at: House;
let dialog: PlantVitaPhotoDialog;

async function put(more: Partial<PlantVitaPhotoDialog> = {}): Promise<void> {
  dialog = document.createElement("plant-vita-photo-dialog");
  Object.assign(dialog, { hass: at.hass, device: BASIL, view: "identify", ...more });
  document.body.append(dialog);
  await drawn();
}

async function drawn(): Promise<void> {
  await settle();
  await dialog.updateComplete;
}

const root = (): ShadowRoot => dialog.shadowRoot!;
const text = (): string => root().textContent!.replaceAll(/\s+/g, " ");
const button = (words: string): HTMLButtonElement =>
  [...root().querySelectorAll("button")].find((one) => one.textContent!.trim() === words)!;

async function choose(): Promise<void> {
  const input = root().querySelector<HTMLInputElement>("input[type=file]")!;
  Object.defineProperty(input, "files", { value: [new File(["a"], "p.jpg", { type: "image/jpeg" })] });
  input.dispatchEvent(new Event("change"));
  await drawn();
}

async function answered(answer: Identified | Diagnosed): Promise<void> {
  asked.at(-1)!.listener.answer(answer);
  await drawn();
}

beforeEach(() => {
  at = house();
  asked.length = 0;
  assign.mockReset().mockResolvedValue(undefined);
  services = Promise.resolve({ identify: ["Plant.id"], diagnose: ["Plant.id", "Gemini"], readings: ["Gemini"], databases: [] });
});
afterEach(() => dialog?.remove());

test("every language says everything, with the same blanks", () => {
  const places = (words: string): string[] => (words.match(/\{\w+\}/g) ?? []).sort();
  expect(Object.keys(PHOTO_TEXTS)).toEqual(["en", "de", "nl", "fr", "es"]);
  for (const [key, words] of Object.entries(PHOTO_TEXTS["en"]!)) {
    for (const [language, known] of Object.entries(PHOTO_TEXTS)) {
      const other = known[key as keyof typeof known];
      expect(other, `${language} ${key}`).toBeTruthy();
      expect(places(other), `${language} ${key}`).toEqual(places(words));
    }
  }
});

test("to whom a photo goes is said before anything is asked", async () => {
  await put();
  expect(button("Ask")).toBeUndefined();
  await choose();
  expect(text()).toContain("The photo goes to Plant.id.");
  expect(text()).toContain("It is kept among the photos of the plant");
  expect(asked).toHaveLength(0);
  button("What ails it?").click();
  await drawn();
  expect(text()).toContain("The photo goes to Plant.id and Gemini.");
  expect(text()).toContain("what the sensors measured go to Gemini as well");
  button("Ask").click();
  expect(asked.map(({ question }) => [question.task, question.device])).toEqual([["diagnose", BASIL]]);
});

test("nobody is asked where nobody is set up", async () => {
  services = Promise.resolve({ identify: [], diagnose: [], readings: [], databases: [] });
  await put();
  expect(text()).toContain("No service is set up that could tell.");
  await choose();
  expect(button("Ask").disabled).toBe(true);
  button("What ails it?").click();
  await drawn();
  expect(text()).toContain("Nothing leaves the house");
  expect(button("Ask").disabled).toBe(false);
});

test("who may not ask is told so, and can still look", async () => {
  services = Promise.reject({ code: "unauthorized" });
  await put();
  expect(text()).toContain("You may look at this plant, but not ask about it.");
  expect(root().querySelector("input[type=file]")).toBeNull();
});

test("where nothing answers that is said, and tried again", async () => {
  const known = services;
  services = Promise.reject({ code: "unknown_command", message: "Unknown command." });
  await put();
  expect(root().querySelector("[role=alert]")!.textContent).toBe("Unknown command.");
  services = known;
  button("Try again").click();
  await drawn();
  await choose();
  expect(button("Ask").disabled).toBe(false);
});

test("each service is told about while it is asked", async () => {
  await put();
  await choose();
  button("Ask").click();
  const { listener } = asked[0]!;
  for (const [service, state, message] of [
    ["", "queued", null],
    ["", "prepared", null],
    ["Plant.id", "asked", null],
    ["Pl@ntNet", "asked", null],
    ["Plant.id", "answered", null],
    ["Pl@ntNet", "provider_down", "The service is out of order."],
  ] as const) {
    listener.step({ service, state, message });
  }
  await drawn();
  expect(text()).toContain("Plant.id has answered");
  expect(text()).toContain("Pl@ntNet The service is out of order.");
  expect(root().querySelectorAll("li")).toHaveLength(2);
  expect(root().querySelector("[role=progressbar]")!.getAttribute("aria-valuenow")).toBe("83");
});

test("a species is chosen, with what it would set, and assigned", async () => {
  await put();
  await choose();
  button("Ask").click();
  await answered(FOUND);
  expect(text()).toContain("Sets soil moisture from 25 to 55 %.");
  expect(text()).toContain("None of these: 7%");
  expect(text()).toContain("For this answer something was sent to Plant.id.");
  const [known, other] = [...root().querySelectorAll<HTMLInputElement>("input[type=radio]")];
  expect([known!.checked, known!.disabled, other!.disabled]).toEqual([true, false, true]);
  button("Use this species").click();
  await drawn();
  expect(assign.mock.calls).toEqual([[at.hass, BASIL, "monstera_deliciosa"]]);
  expect(text()).toContain("Basil is now a Swiss cheese plant.");
});

test("a species that only a database knows is looked up when it is chosen", async () => {
  services = Promise.resolve({ identify: ["Plant.id"], diagnose: [], readings: [], databases: ["Trefle"] });
  await put();
  await choose();
  button("Ask").click();
  await answered({ ...FOUND, catalogue: {}, species: null, unknown: true });
  expect(text()).toContain("looked up at Trefle when you choose it");
  const first = root().querySelector<HTMLInputElement>("input[type=radio]")!;
  expect([first.checked, first.disabled]).toEqual([false, false]);
  first.dispatchEvent(new Event("change"));
  await drawn();
  button("Use this species").click();
  expect(assign.mock.calls[0]![2]).toBe("Monstera deliciosa");
});

test("where nobody is sure nothing is chosen", async () => {
  await put();
  await choose();
  button("Ask").click();
  await answered({ ...FOUND, unknown: true, species: null });
  expect(text()).toContain("Nobody is sure enough.");
  expect(button("Use this species").disabled).toBe(true);
});

test("of a photo of any plant one says which it is", async () => {
  await put({ device: undefined });
  await choose();
  button("Ask").click();
  await answered(FOUND);
  expect(button("Use this species").disabled).toBe(true);
  const select = root().querySelector("select")!;
  select.value = BASIL;
  select.dispatchEvent(new Event("change"));
  await drawn();
  button("Use this species").click();
  expect(assign.mock.calls[0]![1]).toBe(BASIL);
});

test("what services say is text, wherever it is shown", async () => {
  await put();
  await choose();
  button("Ask").click();
  await answered(FOUND);
  expect(root().querySelectorAll("img")).toHaveLength(1); // the photo itself
  expect(text()).toContain(EVIL);
  button("What ails it?").click();
  await drawn();
  button("Ask").click();
  await answered(AILING);
  expect(root().querySelectorAll("img")).toHaveLength(1);
  expect(text().split(EVIL).length - 1).toBe(6);
  asked.at(-1)!.listener.failed({ message: EVIL });
  await drawn();
  expect(root().querySelector("[role=alert]")!.textContent).toBe(EVIL);
});

test("a question is answered with the same photo", async () => {
  await put({ view: "diagnose" });
  await choose();
  button("Ask").click();
  await answered(AILING);
  expect(text()).toContain("Too much water");
  expect(text()).toContain("The soil was wet for 9 days. for it");
  expect(text()).toContain("Nothing left the house for this answer.");
  button("No").click();
  expect(asked[1]!.question).toMatchObject({ task: "diagnose", answer: false, photo: asked[0]!.question.photo });
});

test("a failure is said, and can be tried again with the same photo", async () => {
  await put();
  await choose();
  button("Ask").click();
  asked[0]!.listener.failed({ key: "tooLong" });
  await drawn();
  expect(root().querySelector("[role=alert]")!.textContent).toBe("There was no answer in time.");
  button("Try again").click();
  await drawn();
  button("Ask").click();
  expect(asked[1]!.question.photo).toBe(asked[0]!.question.photo);
});

test("a species that is refused says why", async () => {
  assign.mockRejectedValue({ message: "Unauthorized" });
  await put();
  await choose();
  button("Ask").click();
  await answered(FOUND);
  button("Use this species").click();
  await drawn();
  expect(root().querySelector("[role=alert]")!.textContent).toBe("Unauthorized");
});

test("closing gives the question up, and so does going back", async () => {
  await put();
  await choose();
  button("Ask").click();
  await drawn();
  button("Cancel").click();
  await drawn();
  expect([asked[0]!.stopped, dialog.isConnected]).toEqual([true, false]);
  await put();
  window.dispatchEvent(new Event("popstate"));
  await drawn();
  expect(dialog.isConnected).toBe(false);
});
