// The binary chunk (docs/viewer.md): unpacked, and read as poses at an instant.

import { Known } from "./known.js";

const MAGIC = "STC1";
const QUATERNION_STEPS = 32767;
const TYPES = {
  float64: Float64Array,
  float32: Float32Array,
  int16: Int16Array,
  uint16: Uint16Array,
  uint8: Uint8Array,
};

/** Floats of one frame's pose: x y z qx qy qz qw. */
export const POSE = 7;

/** Header and named arrays of a chunk; the arrays are views on it. */
export function unpack(data) {
  // A typed array must start at a multiple of its element: what came out of a message may not.
  const bytes = data.byteOffset % 8 === 0 ? data : data.slice();
  const magic = String.fromCharCode(...bytes.subarray(0, 4));
  if (magic !== MAGIC) throw new Error(`a chunk starts with ${MAGIC}, this one with ${magic}`);
  const start = 8 + new DataView(bytes.buffer, bytes.byteOffset).getUint32(4, true);
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, start)));
  const arrays = {};
  for (const { name, dtype, offset, length } of header.arrays) {
    arrays[name] = new TYPES[dtype](bytes.buffer, bytes.byteOffset + start + offset, length);
  }
  return { header, arrays };
}

/** Index of the last element of the rising `values` that is not above `value`; -1 when all are. */
export function lastAtOrBefore(values, value) {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle] <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Spherical interpolation between two quaternions of an int16 array, written as unit floats. */
export function slerp(q, a, b, u, out, at) {
  let ax = q[a], ay = q[a + 1], az = q[a + 2], aw = q[a + 3];
  const bx = q[b], by = q[b + 1], bz = q[b + 2], bw = q[b + 3];
  const lengths = Math.hypot(ax, ay, az, aw) * Math.hypot(bx, by, bz, bw);
  let dot = lengths > 0 ? (ax * bx + ay * by + az * bz + aw * bw) / lengths : 1;
  if (dot < 0) {
    dot = -dot;
    ax = -ax; ay = -ay; az = -az; aw = -aw;
  }
  let s = 1 - u;
  let t = u;
  if (dot < 0.9995) {
    const angle = Math.acos(dot);
    s = Math.sin((1 - u) * angle) / Math.sin(angle);
    t = Math.sin(u * angle) / Math.sin(angle);
  }
  const x = s * ax + t * bx;
  const y = s * ay + t * by;
  const z = s * az + t * bz;
  const w = s * aw + t * bw;
  const norm = Math.hypot(x, y, z, w) || 1;
  out[at] = x / norm;
  out[at + 1] = y / norm;
  out[at + 2] = z / norm;
  out[at + 3] = w / norm;
}

/** A window of time: poses between samples are interpolated. */
export class Window {
  constructor(data) {
    const { header, arrays } = unpack(data);
    this.bytes = data.byteLength;
    this.t0 = header.t0_ns;
    this.t1 = header.t1_ns;
    this.frames = header.frames;
    // What was recorded when this window was cut: a growing record has nothing after it yet.
    this.until = header.finished ? Infinity : header.end_ns;
    this.times = arrays.pose_t;
    this.base = arrays.base;
    this.slides = arrays.slides ?? new Uint16Array();
    this.turns = arrays.turns ?? new Uint16Array();
    this.p = arrays.p ?? new Float32Array();
    this.q = arrays.q ?? new Int16Array();
    // Where poses are recorded, nothing is said of how well they are known.
    this.stands = header.stands ?? {};
    this.known = arrays.known_frame ? new Known(arrays, header.frames, header.t0_ns) : null;
  }

  /** Where the body of a pack stands at `t` (ns): {place, serial, doubt}; null where the record has its poses. */
  standOf(frame, t) {
    const rows = this.stands[frame];
    return rows ? (rows.findLast((row) => row.t_ns <= t) ?? rows[0] ?? null) : null;
  }

  get hasPoses() {
    return this.times.length > 0;
  }

  covers(t) {
    return t >= this.t0 && t <= this.t1 && t <= this.until;
  }

  /** Parent-relative poses at `t` (ns) into `out`, 7 floats a frame. */
  poses(t, out) {
    if (!this.hasPoses) return false;
    const { times, slides, turns, p, q } = this;
    const time = t - this.t0;
    const last = times.length - 1;
    const i = Math.min(Math.max(lastAtOrBefore(times, time), 0), last);
    const j = Math.min(i + 1, last);
    const u = j > i ? Math.min(Math.max((time - times[i]) / (times[j] - times[i]), 0), 1) : 0;
    out.set(this.base);
    for (let k = 0; k < slides.length; k++) {
      const a = (i * slides.length + k) * 3;
      const b = (j * slides.length + k) * 3;
      const at = slides[k] * POSE;
      for (let c = 0; c < 3; c++) out[at + c] = p[a + c] + (p[b + c] - p[a + c]) * u;
    }
    for (let k = 0; k < turns.length; k++) {
      slerp(q, (i * turns.length + k) * 4, (j * turns.length + k) * 4, u, out, turns[k] * POSE + 3);
    }
    return true;
  }
}

export { QUATERNION_STEPS };
