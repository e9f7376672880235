// Signals of the record at hand: fetched when somebody looks at them, in tiles of time on levels of two times the length.

import { signal } from "@preact/signals";
import { lastAtOrBefore, unpack } from "./chunk.js";
import { NS } from "./clock.js";
import { cut, join } from "./samples.js";

/** Length of the finest tiles; they hold every sample of a signal of up to 2.5 kHz. */
export const FINEST_NS = 8 * NS;
const FINEST_BUCKETS = 5000;
/** The others hold what a screen can show of them. */
const BUCKETS = 800;
const MAX_BYTES = 48e6;
const BYTES_PER_SAMPLE = 16;
/** A tile at the growing end of a live record is extended once this part of it is new. */
const GROWTH_PART = 256;
const MAX_IN_FLIGHT = 3;
/** Requests that nobody may want any more are dropped first, oldest first. */
const MAX_WAITING = 60;
const NAMES_PER_CALL = 200;
const RETRY_MS = 1000;
/** A value whose table was not written for so many scans is held, not measured. */
const SCANS_TO_HELD = 3;
/** How far ahead of the cursor watched signals are at hand, in seconds of wall time. */
const AHEAD_S = 1;

const lengthOf = (level) => FINEST_NS * 2 ** level;
const keyOf = (level, index, name) => `${level}:${index}:${name}`;

/** The level of which two tiles or so cover `span` ns. */
export function levelOf(span) {
  return Math.max(0, Math.ceil(Math.log2(Math.max(span, 1) / (2 * FINEST_NS))));
}

export class Signals {
  /** @param onError called with what went wrong; the signals are asked for again after a while */
  constructor({ onError = () => {} } = {}) {
    this.onError = onError;
    /** Counts arrivals: what is drawn from signals is drawn again when it changes. */
    this.arrived = signal(0);
    this.watched = new Map(); // name → how often
    this.open({ tables: {}, start_ns: 0, end_ns: 0 }, null);
  }

  /**
   * Look at another record.
   * @param manifest its tables, metadata and ends
   * @param fetch (t0, t1, buckets, names) → Promise of chunk bytes, times in ns
   */
  open(manifest, fetch) {
    this.fetch = fetch;
    this.known = new Map(
      Object.entries(manifest.tables).flatMap(([table, list]) => list.map((entry) => [entry.name, { ...entry, table }])),
    );
    this.scan = Number(manifest.metadata?.scan_ns) || 0;
    this.start = manifest.start_ns;
    this.end = manifest.end_ns;
    this.growing = !manifest.finished && Boolean(manifest.running);
    this.tiles = new Map(); // key → tile, in order of last use
    this.pending = new Set();
    this.waiting = new Map(); // level:index:from → {level, index, from, names}
    this.inFlight = 0;
    this.bytes = 0;
    this.pausedUntil = 0;
    this.arrived.value++;
  }

  /** The record reaches as far as `end` now, and may go on. */
  grow(end, growing) {
    this.end = Math.max(this.end, end);
    this.growing = growing;
  }

  /** Keep these signals at hand where the cursor is; returns the way to let go of them. */
  watch(names) {
    const wanted = [...names];
    for (const name of wanted) this.watched.set(name, (this.watched.get(name) ?? 0) + 1);
    return () => {
      for (const name of wanted.splice(0)) {
        const left = this.watched.get(name) - 1;
        if (left) this.watched.set(name, left);
        else this.watched.delete(name);
      }
    };
  }

  /** See to it that watched signals are there at `t`, and soon after it while it moves on at `speed`. */
  follow(t, { playing = false, speed = 1 } = {}) {
    const first = Math.floor(t / FINEST_NS);
    const last = Math.floor(Math.min(t + (playing ? Math.max(speed * AHEAD_S * NS, 0) : 0), this.end) / FINEST_NS);
    for (const name of this.watched.keys()) {
      for (let index = first; index <= Math.max(first, last); index++) this.#want(0, index, name);
    }
  }

  /** Value at `t` (ns): NaN when it is missing, undefined while it is not known (yet). */
  value(name, t) {
    return this.sample(name, t)?.value;
  }

  /**
   * What is known of a signal at `t`: value, since when it has it, and whether it is only held because its table
   * was not written any more. Undefined while nothing is known.
   */
  sample(name, t) {
    const tile = this.#exactAt(name, t);
    if (!tile) return undefined;
    const i = lastAtOrBefore(tile.t, t);
    if (i < 0) return { value: NaN, since: null, held: false };
    const held = this.scan > 0 && t - tile.last > SCANS_TO_HELD * this.scan;
    return { value: tile.v[i], since: tile.t[i], held };
  }

  /**
   * A signal from `t0` to `t1` as a line can show it: times and values, the sample before `t0` and the one after
   * `t1` included where they are at hand. `steps`: a value holds until the next. `complete`: nothing is on its way.
   */
  series(name, t0, t1) {
    const level = levelOf(t1 - t0);
    const length = lengthOf(level);
    const parts = [];
    let complete = true;
    const from = Math.floor(Math.max(t0, this.start) / length);
    const to = Math.floor(Math.min(t1, this.end) / length);
    for (let index = from; index <= to; index++) {
      this.#want(level, index, name);
      const tile = this.#tile(level, index, name);
      if (!tile) complete = false;
      const part = tile ?? this.#coarser(level, index, name);
      if (part) parts.push(part);
    }
    return { ...join(parts), steps: parts.some((part) => part.steps), complete };
  }

  // Inside

  #tile(level, index, name) {
    const key = keyOf(level, index, name);
    const tile = this.tiles.get(key);
    if (tile) {
      this.tiles.delete(key);
      this.tiles.set(key, tile);
    }
    return tile;
  }

  /**
   * The tile that holds every sample at `t`: the finest, or a coarser one that left nothing out. At the growing end
   * the one before stands in until the next has come: its last value is the latest that is known.
   */
  #exactAt(name, t) {
    const index = Math.floor(t / FINEST_NS);
    this.#want(0, index, name);
    for (let level = 0; lengthOf(level) < 2 * Math.max(this.end, FINEST_NS); level++) {
      const tile = this.#tile(level, Math.floor(t / lengthOf(level)), name);
      if (tile && (level === 0 || tile.exact)) return tile;
    }
    return this.growing ? (this.#tile(0, index - 1, name) ?? null) : null;
  }

  /** What a coarser tile shows of this one, until it is there itself. */
  #coarser(level, index, name) {
    const t0 = index * lengthOf(level);
    for (let above = level + 1; lengthOf(above) < 2 * Math.max(this.end, FINEST_NS); above++) {
      const tile = this.#tile(above, Math.floor(t0 / lengthOf(above)), name);
      if (tile) return { ...cut(tile, t0, t0 + lengthOf(level)), steps: tile.steps };
    }
    return null;
  }

  #want(level, index, name) {
    const t0 = index * lengthOf(level);
    if (!this.known.has(name) || !this.fetch || t0 > this.end || t0 + lengthOf(level) < this.start) return;
    const key = keyOf(level, index, name);
    const tile = this.tiles.get(key);
    if ((tile && this.#isFresh(tile, t0 + lengthOf(level))) || this.pending.has(key) || Date.now() < this.pausedUntil) return;
    this.pending.add(key);
    const from = tile?.next ?? t0;
    const group = `${level}:${index}:${from}`;
    if (!this.waiting.size) queueMicrotask(() => this.#send());
    if (!this.waiting.has(group)) this.waiting.set(group, { level, index, from, names: [] });
    this.waiting.get(group).names.push(name);
  }

  #isFresh(tile, t1) {
    const lacks = Math.min(this.end, t1) - tile.until;
    return lacks <= 0 || (this.growing && this.end < t1 && lacks < (t1 - tile.t0) / GROWTH_PART);
  }

  /** Newest wishes first: somebody who scrubs looks at where they are now. */
  #send() {
    const groups = [...this.waiting.entries()];
    for (const [key, group] of groups.splice(0, Math.max(0, groups.length - MAX_WAITING))) {
      this.waiting.delete(key);
      for (const name of group.names) this.pending.delete(keyOf(group.level, group.index, name));
    }
    while (this.inFlight < MAX_IN_FLIGHT && groups.length) {
      const [key, group] = groups.pop();
      const names = group.names.splice(0, NAMES_PER_CALL);
      if (group.names.length) groups.push([key, group]);
      else this.waiting.delete(key);
      this.#load({ ...group, names });
    }
  }

  async #load(group) {
    const { fetch } = this;
    const { level, index, from, names } = group;
    const length = lengthOf(level);
    const t1 = (index + 1) * length - 1;
    const buckets = Math.ceil(((level ? BUCKETS : FINEST_BUCKETS) * (t1 + 1 - from)) / length);
    this.inFlight++;
    try {
      const chunk = unpack(await fetch(from, t1, Math.max(buckets, 1), names));
      if (this.fetch !== fetch) return;
      this.#keep(chunk, group, t1);
      this.arrived.value++;
    } catch (error) {
      if (this.fetch !== fetch) return;
      this.pausedUntil = Date.now() + RETRY_MS;
      setTimeout(() => this.arrived.value++, RETRY_MS + 1);
      this.onError(error);
    } finally {
      if (this.fetch === fetch) {
        this.inFlight--;
        for (const name of names) this.pending.delete(keyOf(level, index, name));
        this.#send();
      }
    }
  }

  #keep({ header, arrays }, { level, index, from, names }, t1) {
    const until = header.finished || header.end_ns > t1 ? Infinity : header.end_ns;
    const found = new Map(header.signals.map((entry) => [entry.name, entry]));
    for (const name of names) {
      const { start = 0, length = 0, steps = false, exact = true, last_ns: last = -1 } = found.get(name) ?? {};
      const key = keyOf(level, index, name);
      const before = this.tiles.get(key);
      const came = {
        t: arrays.t.subarray(start, start + length).map((t) => t + header.t0_ns),
        v: arrays.v.subarray(start, start + length),
      };
      const tile = {
        ...(before ? join([before, came]) : cut(came, from, t1)),
        t0: index * lengthOf(level),
        steps,
        exact: exact && (before?.exact ?? true),
        last,
        next: Math.max(last + 1, from),
        until,
      };
      this.bytes += BYTES_PER_SAMPLE * (tile.t.length - (before?.t.length ?? 0));
      this.tiles.delete(key);
      this.tiles.set(key, tile);
    }
    for (const [key, tile] of this.tiles) {
      if (this.bytes <= MAX_BYTES) break;
      this.tiles.delete(key);
      this.bytes -= BYTES_PER_SAMPLE * tile.t.length;
    }
  }
}
