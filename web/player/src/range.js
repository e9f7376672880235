// The stretch of the record that the timeline shows.

import { signal } from "@preact/signals";

const SHORTEST_NS = 0.2e9;
/** A cursor that leaves the stretch while it plays finds itself this far into the next. */
const LEAD = 0.1;

export class TimeRange {
  constructor(clock) {
    this.clock = clock;
    /** {from, to}, or null for all of the record, however long it grows. */
    this.part = signal(null);
  }

  get from() {
    return this.part.value?.from ?? this.clock.start;
  }

  get to() {
    return this.part.value?.to ?? this.clock.end;
  }

  get span() {
    return Math.max(this.to - this.from, 1);
  }

  fit() {
    this.part.value = null;
  }

  /** Show `factor` times as much, keeping `around` where it is. */
  zoom(factor, around) {
    const whole = Math.max(this.clock.end - this.clock.start, 1);
    const span = Math.max(this.span * factor, Math.min(SHORTEST_NS, whole));
    if (span >= whole) return this.fit();
    const middle = Math.min(Math.max(around, this.from), this.to);
    this.#show(middle - (span * (middle - this.from)) / this.span, span);
  }

  pan(by) {
    if (this.part.value) this.#show(this.from + by, this.span);
  }

  /** Bring `t` into the stretch where it is not. */
  keep(t) {
    if (this.part.value && (t < this.from || t > this.to)) this.#show(t - LEAD * this.span, this.span);
  }

  #show(from, span) {
    const { start, end } = this.clock;
    const first = Math.min(Math.max(from, start), Math.max(end - span, start));
    this.part.value = { from: first, to: first + span };
  }
}
