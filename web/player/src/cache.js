// Windows of time, fetched from a source before they are needed and kept while they may be needed again.

import { NS } from "./clock.js";
import { Window } from "./chunk.js";

/** Finest first: up to which playing speed, how long a tile is, how far apart its samples. */
export const LEVELS = [
  { speed: 1.5, length: 4 * NS, step: 0 },
  { speed: 6, length: 16 * NS, step: 80e6 },
  { speed: Infinity, length: 64 * NS, step: 250e6 },
];
const MAX_BYTES = 96e6;
/** Pieces of a live run kept behind its edge. */
const TAIL_PIECES = 600;

export function levelOf(speed) {
  return LEVELS.findIndex((level) => speed <= level.speed);
}

export class ChunkCache {
  /**
   * @param fetch (t0, t1, step) → Promise of chunk bytes, times in ns
   * @param onArrival called after a window came in
   * @param onError called with what went wrong
   */
  constructor(fetch, { onArrival = () => {}, onError = () => {} } = {}) {
    this.fetch = fetch;
    this.onArrival = onArrival;
    this.onError = onError;
    this.tiles = new Map(); // key → Window, in order of last use
    this.pending = new Map(); // key → wanted until
    this.tail = [];
    this.bytes = 0;
    this.closed = false;
  }

  close() {
    this.closed = true;
  }

  /** A window that holds `t`, the finest that is at hand; null when none is. */
  at(t) {
    for (let level = 0; level < LEVELS.length; level++) {
      const key = this.#key(t, level);
      const tile = this.tiles.get(key);
      if (tile?.covers(t)) {
        this.tiles.delete(key);
        this.tiles.set(key, tile);
        return tile;
      }
      if (level === 0) {
        const piece = this.#tailAt(t);
        if (piece) return piece;
      }
    }
    return null;
  }

  /** See to it that `t` and what comes after it at `speed` is there. */
  want(t, { start, end, speed = 1, playing = false }) {
    const level = levelOf(playing ? speed : 1);
    const { length } = LEVELS[level];
    this.#load(t, level, end);
    if (t + length <= end) this.#load(t + length, level, end);
    if (!playing && t - length >= start) this.#load(t - length, level, end);
  }

  /** A piece of a growing record's edge that the server sent by itself. */
  add(chunk) {
    const piece = new Window(chunk);
    // Where the server was out of reach for a while, what lies before the gap is fetched in tiles again.
    if (this.tail.length && piece.t0 > this.tail[this.tail.length - 1].t1) this.tail = [];
    this.tail.push(piece);
    if (this.tail.length > TAIL_PIECES) this.tail.shift();
    this.onArrival(piece);
  }

  async #load(t, level, end) {
    const key = this.#key(t, level);
    const { length, step } = LEVELS[level];
    const t0 = Math.floor(t / length) * length;
    const needed = Math.min(t0 + length, end);
    const tile = this.tiles.get(key);
    if (this.pending.has(key) || (tile && tile.until >= needed) || this.closed) return;
    // At the edge of a growing record the tail already holds what a tile would hold once more.
    if (tile && t > tile.until && this.#tailAt(t)) return;
    this.pending.set(key, needed);
    try {
      const window = new Window(await this.fetch(t0, t0 + length, step));
      if (!this.closed) this.#keep(key, window);
    } catch (error) {
      this.onError(error);
    } finally {
      this.pending.delete(key);
    }
  }

  #keep(key, window) {
    this.bytes += window.bytes - (this.tiles.get(key)?.bytes ?? 0);
    this.tiles.delete(key);
    this.tiles.set(key, window);
    for (const [old, tile] of this.tiles) {
      if (this.bytes <= MAX_BYTES || old === key) break;
      this.tiles.delete(old);
      this.bytes -= tile.bytes;
    }
    this.onArrival(window);
  }

  #tailAt(t) {
    for (let i = this.tail.length - 1; i >= 0; i--) {
      if (this.tail[i].covers(t)) return this.tail[i];
      if (this.tail[i].t1 < t) return null;
    }
    return null;
  }

  #key(t, level) {
    return `${level}:${Math.floor(t / LEVELS[level].length)}`;
  }
}
