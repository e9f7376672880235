// What a person asks of a running simulation, and what became of it, read back from the record.

import { effect, signal } from "@preact/signals";

const KEPT = 6;
const fieldOf = (name) => name.split(".").at(-1);

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
    const entry = { number: ++this.number, name, value, status: "sent", t: null, reason: "" };
    const known = this.events.value.length;
    this.requests.value = [entry, ...this.requests.value].slice(0, KEPT);
    try {
      const { t_ns: t } = await this.send({ [name]: value });
      this.#change(entry.number, t === null ? { status: "standing" } : { status: "taken", t });
    } catch (error) {
      this.#change(entry.number, { status: "refused", reason: error.message });
      return false;
    }
    const event = await this.#recorded(name, value, known);
    this.#change(entry.number, { status: "recorded", t: event.t_ns });
    return true;
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
          .find(({ kind, data }) => kind === "operator" && data.set?.[fieldOf(name)] === value);
        if (!event) return;
        resolve(event);
        queueMicrotask(() => stop());
      });
    });
  }
}
