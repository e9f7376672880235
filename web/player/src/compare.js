// Another log beside the one that is shown: its instants by what happened, its poses and signals there.

import { ChunkCache } from "./cache.js";
import { lastAtOrBefore } from "./chunk.js";
import { FrameTree } from "./frames.js";
import { Signals } from "./signals.js";

/** Straight between the anchors of `from` and `to`, parallel beyond them. */
export function through(t, from, to) {
  const last = from.length - 1;
  if (last < 0) return t;
  if (t <= from[0]) return to[0] + (t - from[0]);
  if (t >= from[last]) return to[last] + (t - from[last]);
  const i = lastAtOrBefore(from, t);
  return to[i] + ((t - from[i]) / (from[i + 1] - from[i])) * (to[i + 1] - to[i]);
}

/** The other log (B) in the time of the one that is shown (A). */
export class Other {
  /** @param manifest of B; @param found what the server says of the two; @param onArrival when something of B came */
  constructor(source, manifest, found, { onArrival, onError }) {
    this.manifest = manifest;
    this.found = found;
    this.tree = new FrameTree(manifest.frames);
    this.cache = new ChunkCache((t0, t1, step) => source.window(manifest.id, t0, t1, step), { onArrival, onError });
    this.signals = new Signals({ onError });
    this.signals.open(manifest, (t0, t1, buckets, names) => source.signals(manifest.id, t0, t1, buckets, names));
  }

  /** The instant of B that is A's `t`, as far as B goes. */
  toB(t) {
    const { a_ns: a, b_ns: b } = this.found.aligned;
    const { start_ns: start, end_ns: end } = this.manifest;
    return Math.min(Math.max(through(t, a, b), start), end);
  }

  toA(t) {
    const { a_ns: a, b_ns: b } = this.found.aligned;
    return through(t, b, a);
  }

  /** See to it that B is at hand where A plays. */
  want(t, { speed, playing }) {
    const { start_ns: start, end_ns: end } = this.manifest;
    this.cache.want(this.toB(t), { start, end, speed, playing });
  }

  /** World matrices of B's frames at A's `t` in `tree.world`; false while they are on their way. */
  pose(t) {
    const at = this.toB(t);
    const window = this.cache.at(at);
    if (!window || !window.poses(at, this.tree.local)) return false;
    this.tree.compose();
    return true;
  }

  /** A signal of B as a line in A's time. */
  series(name, t0, t1) {
    if (!this.signals.known.has(name)) return null;
    const { t, v, steps } = this.signals.series(name, this.toB(t0), this.toB(t1));
    return { t: Float64Array.from(t, (one) => this.toA(one)), v, steps };
  }

  close() {
    this.cache.close();
  }
}
