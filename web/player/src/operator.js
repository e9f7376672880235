// What a person asks of a running simulation, and what became of it, read back from the record.

import { effect, signal } from "@preact/signals";
import { entriesOf } from "./events.js";

const KEPT = 6;
/** What is held is asked for again so often, ms of wall time; the run lets go of it after 200 ms of its own. */
export const RENEW_MS = 50;
/** At more than this speed a jog cannot be renewed in time. */
export const HELD_UP_TO_SPEED = 2;

/** A signal as requests call it: those of the panel by their field alone. */
export const requestName = (name) => name.replace(/^operator\.panel\./, "");

export class OperatorDesk {
  /**
   * @param send ({name: value}) → Promise of {t_ns}: the scan that had it in its input image, null while the run stands
   * @param events signal: the record's events so far
   */
  constructor(send, events) {
    this.send = send;
    this.events = events;
    /** The last requests, newest first: name, value, and how: sent, standing, taken, recorded, refused. */
    this.requests = signal([]);
    this.number = 0;
  }

  /** Push a button and let it go again once the record shows it pushed: less than a scan would not be seen. */
  async press(name) {
    if (await this.set(name, true)) await this.send({ [name]: false }).catch(() => {});
  }

  /** Ask for a value; true once the record shows it, false when it was refused. */
  async set(name, value) {
    const number = this.#enter(name, value);
    const known = this.events.value.length;
    if (!(await this.#ask(number, { [name]: value }))) return false;
    const event = await this.#recorded(name, value, known);
    this.#change(number, { status: "recorded", t: event.t_ns });
    return true;
  }

  /** Put a switch: what follows the edges of its signal must see one, also where the plant did not obey before. */
  async turn(name, value, asked) {
    if (asked === value && !(await this.set(name, !value))) return false;
    return this.set(name, value);
  }

  /**
   * Ask for {name: value, …} as long as it is held: again and again, one call at a time, until the function that is
   * returned is called; then for `released`. `shown` is the signal and value that the list of requests tells. `lost` is
   * called where the run refuses it, such as when it was renewed too late: it must be let go and pressed again.
   */
  hold(request, released, { shown = Object.entries(request)[0], lost = () => {} } = {}) {
    const [name, value] = shown;
    const number = this.#enter(name, value);
    let waits = false;
    let timer = null;
    const stop = () => {
      if (timer === null) return;
      clearInterval(timer);
      timer = null;
      this.send(released).catch(() => {}); // where it does not arrive, the run lets go by itself
    };
    const renew = async () => {
      if (waits) return;
      waits = true;
      const taken = await this.#ask(number, request);
      waits = false;
      if (taken || timer === null) return;
      stop();
      lost();
    };
    timer = setInterval(renew, RENEW_MS);
    renew();
    return stop;
  }

  #enter(name, value) {
    const entry = { number: ++this.number, name, value, status: "sent", t: null, reason: "" };
    this.requests.value = [entry, ...this.requests.value].slice(0, KEPT);
    return entry.number;
  }

  async #ask(number, request) {
    try {
      const { t_ns: t } = await this.send(request);
      this.#change(number, t === null ? { status: "standing" } : { status: "taken", t });
      return true;
    } catch (error) {
      this.#change(number, { status: "refused", reason: error.message });
      return false;
    }
  }

  #change(number, change) {
    this.requests.value = this.requests.value.map((entry) => (entry.number === number ? { ...entry, ...change } : entry));
  }

  /** The event with which the run noted the request, at the time of the scan that took it. */
  #recorded(name, value, known) {
    return new Promise((resolve) => {
      const stop = effect(() => {
        const event = this.events.value
          .slice(known)
          .find(({ kind, data }) => kind === "operator" && data.set?.[requestName(name)] === value);
        if (!event) return;
        resolve(event);
        queueMicrotask(() => stop());
      });
    });
  }
}

const WORST_FIRST = ["A1", "A2", "B", "C", "D"];
const rank = (kind) => (WORST_FIRST.indexOf(kind) + WORST_FIRST.length) % WORST_FIRST.length;

/**
 * The alarm list at `t`: alarms that stand, and those that are gone and nobody has acknowledged. Not acknowledged
 * first, then the worst, then the newest.
 * @param acknowledge the signal that acknowledges what stands
 */
export function alarmList(events, t, acknowledge) {
  const past = events.filter(({ t_ns }) => t_ns <= t);
  const field = requestName(acknowledge);
  const seen = past
    .filter(({ kind, data }) => kind === "operator" && (data.set ?? data.operator?.set)?.[field] === true)
    .map(({ t_ns }) => t_ns);
  const lastSeen = seen.at(-1) ?? -Infinity;
  return entriesOf(past)
    .filter(({ kind }) => kind === "alarm")
    .map((entry) => ({ ...entry, standing: entry.end === null, acknowledged: entry.start <= lastSeen }))
    .filter(({ standing, acknowledged }) => standing || !acknowledged)
    .sort((a, b) => a.acknowledged - b.acknowledged || rank(a.class) - rank(b.class) || b.start - a.start);
}
