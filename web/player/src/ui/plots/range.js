// Which stretch of time the plots show: all of it, or a span that keeps the cursor in sight.

/** Shortest span, ns. */
export const SHORTEST = 0.02e9;
/** Span of a live run when it is first seen. */
const LIVE_SPAN = 30e9;
/** Where in the span the cursor stands while a live run is followed, and where it comes in again after leaving. */
const FOLLOW_AT = 0.9;
const ENTER_AT = 0.15;

/** What is chosen: null for all, or {t0, t1}. A live run starts with its last seconds. */
export function firstChoice({ start, end, growing }) {
  return growing ? { t0: Math.max(start, end - FOLLOW_AT * LIVE_SPAN), t1: Math.max(start, end - FOLLOW_AT * LIVE_SPAN) + LIVE_SPAN } : null;
}

/** The stretch shown for a choice: [t0, t1], never empty. */
export function shownOf(choice, { start, end }) {
  return choice ? [choice.t0, choice.t1] : [start, Math.max(end, start + SHORTEST)];
}

/** The same span where the cursor is in it. */
export function keepInSight(choice, t, { following = false } = {}) {
  if (!choice) return choice;
  const span = choice.t1 - choice.t0;
  const place = (t - choice.t0) / span;
  const at = following && place > FOLLOW_AT ? FOLLOW_AT : place < 0 ? 1 - ENTER_AT : place > 1 ? ENTER_AT : null;
  return at === null ? choice : { t0: t - at * span, t1: t + (1 - at) * span };
}

/** `factor` below one shows less time, `at` stays where it is; zooming out beyond everything shows all. */
export function zoomed(choice, limits, factor, at) {
  const [t0, t1] = shownOf(choice, limits);
  const span = Math.max((t1 - t0) * factor, SHORTEST);
  if (factor > 1 && span >= limits.end - limits.start) return null;
  const place = (at - t0) / (t1 - t0);
  return within({ t0: at - place * span, t1: at + (1 - place) * span }, limits);
}

/** Moved by `by` ns. */
export function panned(choice, limits, by) {
  const [t0, t1] = shownOf(choice, limits);
  return choice ? within({ t0: t0 + by, t1: t1 + by }, limits) : null;
}

/** Part of the record stays in sight. */
function within({ t0, t1 }, { start, end }) {
  const span = t1 - t0;
  const from = Math.min(Math.max(t0, start - span / 2), end - span / 2);
  return { t0: from, t1: from + span };
}

/** Instants for ticks, ns, at most one every `room` of the whole. */
export function ticksOf(t0, t1, most) {
  const steps = [1e6, 2e6, 5e6, 1e7, 2e7, 5e7, 1e8, 2e8, 5e8, 1e9, 2e9, 5e9, 10e9, 15e9, 30e9, 60e9, 120e9, 300e9, 600e9, 1800e9, 3600e9, 7200e9];
  const step = steps.find((one) => (t1 - t0) / one <= most) ?? 14400e9;
  const ticks = [];
  for (let t = Math.ceil(t0 / step) * step; t <= t1; t += step) ticks.push(t);
  return { ticks, step };
}
