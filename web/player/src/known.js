// How well it is known where things are: measured, inferred or unknown, and how far off they may be (docs/viewer.md).

import { lastAtOrBefore } from "./chunk.js";

export const MEASURED = 0;
export const INFERRED = 1;
export const UNKNOWN = 2;
/** Names of the states, by their code: keys of words. */
export const STATES = ["measured", "inferred", "unknown"];

/** The arrays of a window's chunk that say it, by frame. */
export class Known {
  /** @param arrays of the chunk; @param frames how many there are; @param t0 start of the window, ns */
  constructor(arrays, frames, t0) {
    this.t0 = t0;
    this.times = arrays.known_t;
    this.state = arrays.known_state;
    this.m = arrays.known_m;
    this.rad = arrays.known_rad;
    // Where each frame's rows begin; they stand frame after frame.
    this.starts = new Uint32Array(frames + 1);
    for (const frame of arrays.known_frame) this.starts[frame + 1]++;
    for (let i = 0; i < frames; i++) this.starts[i + 1] += this.starts[i];
  }

  /** The codes of all frames at `t` (ns) into `out`. */
  states(t, out) {
    for (let frame = 0; frame + 1 < this.starts.length; frame++) {
      const row = this.#row(frame, t);
      out[frame] = row < 0 ? MEASURED : this.state[row];
    }
  }

  /** How well one frame is known at `t`: {state, m, rad}, the errors infinite where nothing bounds them. */
  at(frame, t) {
    const row = this.#row(frame, t);
    return row < 0 ? null : { state: this.state[row], m: this.m[row], rad: this.rad[row] };
  }

  #row(frame, t) {
    const from = this.starts[frame];
    const to = this.starts[frame + 1];
    if (from === to) return -1;
    return from + Math.max(lastAtOrBefore(this.times.subarray(from, to), t - this.t0), 0);
  }
}

/**
 * Why a frame is not measured at `t`: the findings that hold then, about signals it follows from or about itself.
 * @param signals of the catalogue, those that the frame's pose follows from
 * @param entries of events, see events.js
 * @param names of what stands in the frame: its own, the serial of a pack
 */
export function reasonsOf(signals, entries, t, names = []) {
  const about = ({ data }) => names.includes(data.subject) || signals.some(({ source }) => source && concerns(data, source));
  const holds = ({ start, end }) => start <= t && (end === null || t <= (end ?? start));
  return entries.filter((entry) => entry.kind === "data" && holds(entry) && about(entry));
}

/** A finding is about one tag, about some tags of a stream, or about the stream. */
function concerns({ subject, tags }, source) {
  if (subject === source) return true;
  return source.startsWith(`${subject}/`) && (!tags || tags.includes(source.slice(subject.length + 1)));
}
