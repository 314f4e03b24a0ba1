// What the dialog asks the integration, and what it is told; without anything that is drawn.

import { DOMAIN, type Hass } from "./hass";

export type Task = "identify" | "diagnose";

export interface Services {
  identify: string[];
  diagnose: string[];
  /** Those of the second that are told what the sensors measured, too. */
  readings: string[];
  /** Who is asked about a species that the catalogue does not know, once it is chosen. */
  databases: string[];
}

export interface Step {
  service: string;
  /** "queued", "prepared" and "merged" of all together, else "asked" or what came of it. */
  state: string;
  /** Words for why there is no answer. */
  message: string | null;
}

export interface Candidate {
  name: string;
  confidence: number;
  common_names: string[];
  family: string | null;
  services: string[];
}

/** A candidate's entry in the catalogue, with the ranges that it would set. */
export interface Proposal {
  species: string;
  common_name: string;
  moisture: [low: number, high: number] | null;
  dli: [low: number, high: number] | null;
}

interface Sent {
  left_the_house: { to: string[] };
}

export interface Identified extends Sent {
  unknown: boolean;
  species: string | null;
  is_plant: number | null;
  candidates: Candidate[];
  catalogue: Record<string, Proposal>;
}

export interface Ailment {
  name: string;
  called: string | null;
  confidence: number;
  severity: "slight" | "moderate" | "severe";
  description: string | null;
  evidence: { text: string; supports: boolean }[];
  treatment: Record<"biological" | "chemical" | "prevention", string[]>;
}

export interface Diagnosed extends Sent {
  healthy: number | null;
  note: string | null;
  findings: Ailment[];
  question: { text: string; service: string } | null;
}

export interface Question {
  task: Task;
  device?: string | undefined;
  photo?: Blob | undefined;
  /** What is said to the question that the last answer came with. */
  answer?: boolean;
}

type Event =
  | ({ type: "progress" } & Step)
  | ({ type: "result" } & (Identified | Diagnosed))
  | { type: "error"; message: string };

export interface Listener {
  step(step: Step): void;
  answer(answer: Identified | Diagnosed): void;
  /** Words, or nothing where there are none. */
  failed(why: Failure): void;
}

export type Failure = { message: string } | { key: "tooLong" | "uploadFailed" };

// A little longer than the integration waits itself.
const WITHIN_MS = 270_000;
const UPLOAD = "/api/file_upload";

export const servicesFor = (hass: Hass, device: string | undefined): Promise<Services> =>
  hass.callWS<Services>({ type: `${DOMAIN}/photos/services`, ...about(device) });

const about = (device: string | undefined): object => (device ? { device_id: device } : {});

/** Ask once; the returned function gives up. After an answer or a failure nothing more is told. */
export function ask(hass: Hass, question: Question, listener: Listener): () => void {
  let over = false;
  let unsubscribe: (() => Promise<void>) | undefined;
  let uploaded: string | undefined;
  const end = (): void => {
    over = true;
    clearTimeout(limit);
    void unsubscribe?.().catch(() => undefined);
    unsubscribe = undefined;
  };
  const fail = (why: Failure): void => {
    if (over) return;
    end();
    listener.failed(why);
  };
  const limit = setTimeout(() => fail({ key: "tooLong" }), WITHIN_MS);
  const hear = (event: Event): void => {
    if (over) return;
    if (event.type === "progress") listener.step(event);
    else if (event.type === "error") fail(event);
    else {
      end();
      listener.answer(event);
    }
  };
  const go = async (): Promise<void> => {
    if (question.photo) {
      try {
        uploaded = await upload(hass, question.photo);
      } catch {
        return fail({ key: "uploadFailed" });
      }
      if (over) return forget(hass, uploaded);
    }
    try {
      const stop = await hass.connection.subscribeMessage<Event>(hear, {
        type: `${DOMAIN}/photos/ask`,
        task: question.task,
        language: hass.locale.language,
        ...about(question.device),
        ...(uploaded && { file_id: uploaded }),
        ...(question.answer !== undefined && { answer: question.answer }),
      });
      if (over) void stop().catch(() => undefined);
      else unsubscribe = stop;
    } catch (error) {
      if (uploaded) forget(hass, uploaded);
      fail({ message: (error as { message?: string }).message ?? "" });
    }
  };
  void go();
  return end;
}

async function upload(hass: Hass, photo: Blob): Promise<string> {
  const form = new FormData();
  // What a phone calls its photos is nobody's business, and not every name is taken.
  form.append("file", photo, "photo");
  const response = await hass.fetchWithAuth(UPLOAD, { method: "POST", body: form });
  if (!response.ok) throw new Error(`${response.status}`);
  return ((await response.json()) as { file_id: string }).file_id;
}

function forget(hass: Hass, fileId: string): void {
  const init = { method: "DELETE", body: JSON.stringify({ file_id: fileId }) };
  void hass.fetchWithAuth(UPLOAD, init).catch(() => undefined);
}

/** A picture that Home Assistant has, from an address that is good for anybody who has it. */
export async function pictureAt(url: string): Promise<Blob> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${response.status}`);
  return response.blob();
}

/** Let a plant be of a species. Rejects with Home Assistant's own words when it is refused. */
export const assign = (hass: Hass, device: string, species: string): Promise<unknown> =>
  hass.callService(DOMAIN, "assign_species", { device_id: device, species });
