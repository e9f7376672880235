// A source of logs: the trame server that delivered this page.

import { Connection } from "./connection.js";

const GROWTH_TOPIC = "swaptwin.growth";
const AGAIN_MS = 200;

export class TrameSource {
  /** @param link wslink connection of trame's client */
  constructor(link) {
    this.connection = new Connection(link, "swaptwin.logs");
  }

  logs() {
    return this.#call("swaptwin.logs");
  }

  open(id) {
    return this.#call("swaptwin.open", [id]);
  }

  async scene(id, piece) {
    return asBytes(await this.#call("swaptwin.scene", [id, piece]));
  }

  async window(id, t0, t1, step) {
    return asBytes(await this.#call("swaptwin.window", [id, Math.floor(t0), Math.ceil(t1), step]));
  }

  async signals(id, t0, t1, buckets, names) {
    return asBytes(await this.#call("swaptwin.signals", [id, t0, t1, buckets, names]));
  }

  /** The stretch as a page of one file. */
  async page(id, t0, t1) {
    return asBytes(await this.#call("swaptwin.page", [id, Math.floor(t0), Math.ceil(t1)]));
  }

  /** Where a condition holds in a log: {count, unknown_s, hits: [[from, to]]}. */
  search(id, condition) {
    return this.#call("swaptwin.search", [id, condition]);
  }

  /** Phases found from a log's signals, as events. */
  phases(id) {
    return this.#call("swaptwin.phases", [id]);
  }

  /** Why the station stopped at `t` or last before it (null: the first time), as `swaptwin why --json` tells it; or null. */
  why(id, t) {
    return this.#call("swaptwin.why", [id, t]);
  }

  /** A log beside another: what `swaptwin compare --json` tells. */
  compare(id, other) {
    return this.#call("swaptwin.compare", [id, other]);
  }

  /** What may be changed in a branch of a log, or null where the server cannot simulate it. */
  branching(id) {
    return this.#call("swaptwin.branching", [id]);
  }

  /** Another future from `t` on: {id, told} of the new log. */
  branch(id, t, change) {
    return this.#call("swaptwin.branch", [id, Math.round(t), change]);
  }

  /** The lesson of a stretch with a fault in it: {file, text, told, open}, or {nearest_ns} where it cannot begin there. */
  cut(id, from, to, fault) {
    return this.#call("swaptwin.cut", [id, Math.round(from), Math.round(to), fault]);
  }

  /** The notes on a log: [{id, start_ns, end_ns, text, made_at}]; each change answers with all there are then. */
  notes(id) {
    return this.#call("swaptwin.notes", [id]);
  }

  putNote(id, note) {
    return this.#call("swaptwin.put_note", [id, note]);
  }

  removeNote(id, note) {
    return this.#call("swaptwin.remove_note", [id, note]);
  }

  tail(id, knownEvents) {
    return this.#call("swaptwin.tail", [id, knownEvents]);
  }

  operate(id, request) {
    return this.#call("swaptwin.operate", [id, request]);
  }

  pace(id, speed) {
    return this.#call("swaptwin.pace", [id, speed]);
  }

  /** The lesson that goes on: what twin/teaching/told.py tells, with the ids of its attempts' `logs`; null is none. */
  lesson() {
    return this.#call("swaptwin.lesson");
  }

  lessonAsk(action) {
    return this.#call("swaptwin.lesson_ask", [action]);
  }

  lessonBack(t) {
    return this.#call("swaptwin.lesson_back", [Math.round(t)]);
  }

  lessonFinish() {
    return this.#call("swaptwin.lesson_finish");
  }

  /** The debrief of an attempt that has ended, as an archive of pages. */
  async debrief(attempt) {
    return asBytes(await this.#call("swaptwin.debrief", [attempt]));
  }

  /** `callback` hears what has grown, with the poses of a live run's newest stretch; returns the way to stop listening. */
  onGrowth(callback) {
    return this.connection.subscribe(GROWTH_TOPIC, ([growth]) =>
      callback(growth.piece ? { ...growth, piece: asBytes(growth.piece) } : growth),
    );
  }

  /** `callback` hears when the server is lost, open again, or refuses this page. */
  onConnection(callback) {
    return this.connection.onState(callback);
  }

  async #call(method, args = []) {
    const answer = await this.connection.call(method, args).catch((error) => {
      throw error instanceof Error ? error : new Error(error?.message ?? String(error));
    });
    // What takes long is asked for again; in between the server can be heard.
    if (answer?.working) {
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
      return this.#call(method, args);
    }
    if (answer?.error) throw Object.assign(new Error(answer.error), { reason: answer.reason });
    return answer;
  }
}

function asBytes(data) {
  if (data instanceof Uint8Array) return data;
  return new Uint8Array(data.buffer ?? data, data.byteOffset ?? 0, data.byteLength);
}
