// Stretches of one signal, {t, v}: cut out and put together.

import { lastAtOrBefore } from "./chunk.js";

/** The samples from `t0` to `t1` and the one that stood before; copies, so that the message they came in can go. */
export function cut({ t, v }, t0, t1) {
  const first = Math.max(lastAtOrBefore(t, t0), 0);
  const end = lastAtOrBefore(t, t1) + 1;
  return { t: t.slice(first, end), v: v.slice(first, end) };
}

/** Stretches of one signal in order of time as one; what a later one repeats is left out. */
export function join(parts) {
  const kept = [];
  let last = -Infinity;
  for (const { t, v } of parts) {
    const first = lastAtOrBefore(t, last) + 1;
    if (first < t.length) {
      kept.push({ t: t.subarray(first), v: v.subarray(first) });
      last = t[t.length - 1];
    }
  }
  const length = kept.reduce((sum, part) => sum + part.t.length, 0);
  const joined = { t: new Float64Array(length), v: new Float64Array(length) };
  let at = 0;
  for (const { t, v } of kept) {
    joined.t.set(t, at);
    joined.v.set(v, at);
    at += t.length;
  }
  return joined;
}
