// Round instants along the axis of time, the same for charts and for the axis below them.

import { tickStep } from "../timeline/layout.js";

/** Instants from `t0` to `t1` (ns) that are round when counted from `zero`, and their step, on `room` pixels. */
export function ticksOf([t0, t1], zero, room) {
  const step = tickStep((t1 - t0) / room) * 1e9;
  const ticks = [];
  for (let t = zero + Math.ceil((t0 - zero) / step) * step; t <= t1; t += step) ticks.push(t);
  return { ticks, step };
}
