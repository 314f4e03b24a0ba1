// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ask, type Failure, type Listener } from "./asking";
import { BASIL, house, settle } from "./house";
import type { Hass } from "./hass";

interface Sent {
  path: string;
  init: RequestInit | undefined;
}

/** A house whose upload gives a number, and whose integration says what the test lets it say. */
function asked(upload: () => Promise<Response> = () => Promise.resolve(new Response('{"file_id":"f1"}'))) {
  const sent: Sent[] = [];
  const messages: object[] = [];
  let hear: (event: unknown) => void = () => undefined;
  const at = { sent, messages, stopped: 0, refuse: false, tell: (event: unknown) => hear(event), hass: {} as Hass };
  at.hass = {
    ...house().hass,
    fetchWithAuth: (path, init) => {
      sent.push({ path, init });
      return init?.method === "DELETE" ? Promise.resolve(new Response("{}")) : upload();
    },
    connection: {
      subscribeMessage: (callback, message) => {
        messages.push(message);
        if (at.refuse) return Promise.reject({ code: "unauthorized", message: "Unauthorized" });
        hear = callback as (event: unknown) => void;
        return Promise.resolve(() => Promise.resolve(void at.stopped++));
      },
    },
  };
  return at;
}

let heard: unknown[];
let failures: Failure[];
const listener: Listener = {
  step: (step) => heard.push(step),
  answer: (answer) => heard.push(answer),
  failed: (why) => failures.push(why),
};
const photo = new Blob(["a photo"], { type: "image/jpeg" });
const RESULT = { type: "result", species: "Monstera deliciosa" };

beforeEach(() => {
  heard = [];
  failures = [];
});
afterEach(() => vi.useRealTimers());

test("a photo is uploaded without its name, asked about, and the answer ends it", async () => {
  const at = asked();
  ask(at.hass, { task: "identify", device: BASIL, photo: new File(["a"], "Anna at home.jpg") }, listener);
  await settle();
  expect(at.messages).toEqual([
    { type: "plant_vita/photos/ask", task: "identify", language: "en", device_id: BASIL, file_id: "f1" },
  ]);
  const body = at.sent[0]!.init!.body as FormData;
  expect((body.get("file") as File).name).toBe("photo");
  at.tell({ type: "progress", service: "Plant.id", state: "asked", message: null });
  at.tell(RESULT);
  at.tell(RESULT);
  expect(heard).toHaveLength(2);
  expect(at.stopped).toBe(1);
});

test("without a photo nothing is uploaded; a no is said as one", async () => {
  const at = asked();
  ask(at.hass, { task: "diagnose", device: BASIL, answer: false }, listener);
  await settle();
  expect(at.sent).toEqual([]);
  expect(at.messages).toEqual([
    { type: "plant_vita/photos/ask", task: "diagnose", language: "en", device_id: BASIL, answer: false },
  ]);
});

test("who gives up hears nothing more, and leaves no upload behind", async () => {
  let arrive: (response: Response) => void = () => undefined;
  const at = asked(() => new Promise((resolve) => (arrive = resolve)));
  const stop = ask(at.hass, { task: "identify", photo }, listener);
  await settle();
  stop();
  arrive(new Response('{"file_id":"late"}'));
  await settle();
  expect(at.messages).toEqual([]);
  expect(at.sent.at(-1)!.init).toEqual({ method: "DELETE", body: '{"file_id":"late"}' });
  const again = asked();
  const end = ask(again.hass, { task: "identify", photo }, listener);
  await settle();
  end();
  again.tell(RESULT);
  expect([heard, failures, again.stopped]).toEqual([[], [], 1]);
});

test("what fails is said once, in words where there are any", async () => {
  const full = asked(() => Promise.resolve(new Response("", { status: 413 })));
  ask(full.hass, { task: "identify", photo }, listener);
  await settle();
  expect(failures.pop()).toEqual({ key: "uploadFailed" });
  const closed = asked();
  closed.refuse = true;
  ask(closed.hass, { task: "identify", photo }, listener);
  await settle();
  expect(failures.pop()).toEqual({ message: "Unauthorized" });
  expect(closed.sent.at(-1)!.init!.method).toBe("DELETE");
  const dark = asked();
  ask(dark.hass, { task: "identify", photo }, listener);
  await settle();
  dark.tell({ type: "error", key: "photo_too_dark", message: "Too dark." });
  dark.tell({ type: "error", key: "photo_too_dark", message: "Too dark." });
  expect(failures).toMatchObject([{ message: "Too dark." }]);
});

test("no wait is for ever", async () => {
  vi.useFakeTimers();
  const at = asked();
  ask(at.hass, { task: "diagnose", device: BASIL }, listener);
  await vi.advanceTimersByTimeAsync(300_000);
  expect(failures).toEqual([{ key: "tooLong" }]);
  expect(at.stopped).toBe(1);
});
