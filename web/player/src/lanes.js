// Events of a record as lanes of a timeline: what lasted from when to when, and what happened at an instant.

/** Times closer than this are one instant to a person. */
const SAME_NS = 1e6;
const MARK_KINDS = new Set(["fault", "operator", "event", "verdict"]);

/** One interval per start/end pair of edges; what has not ended yet ends at null. */
function spans(events, opens, closes, describe) {
  const open = new Map();
  const done = [];
  for (const event of events) {
    const edge = event.data?.edge;
    if (edge === opens) {
      if (!open.has(event.name)) open.set(event.name, { name: event.name, start: event.t_ns, end: null, ...describe(event) });
    } else if (edge === closes) {
      const span = open.get(event.name);
      if (!span) continue;
      open.delete(event.name);
      done.push({ ...span, end: event.t_ns });
    }
  }
  return [...done, ...open.values()].sort((a, b) => a.start - b.start);
}

/** Consecutive values of something that always has one: each lasts until the next. */
function successions(events) {
  return events.map((event, i) => ({
    name: event.name,
    start: event.t_ns,
    end: events[i + 1]?.t_ns ?? null,
  }));
}

/** Findings about data: those that last, and those of an instant. */
function findings(events) {
  const lasting = spans(events, "start", "end", ({ data }) => ({ finding: data.finding, subject: data.subject, data }));
  const instants = events
    .filter(({ data }) => !data.edge)
    .map(({ name, t_ns, data }) => ({ name, start: t_ns, end: t_ns, finding: data.finding, subject: data.subject, data }));
  return [...lasting, ...instants].sort((a, b) => a.start - b.start);
}

/**
 * The lanes, and when something begins or happens in any of them, sorted.
 * @param muted kinds of findings that are left out
 */
export function lanesOf(events, muted = new Set()) {
  const byKind = (kind) => events.filter((event) => event.kind === kind);
  const lanes = {
    phases: spans(byKind("phase"), "start", "end", () => ({})),
    states: successions(byKind("state")),
    modes: successions(byKind("mode")),
    alarms: spans(byKind("alarm"), "raised", "cleared", (event) => ({ class: event.data?.class ?? "", message: event.message })),
    data: findings(byKind("data").filter(({ data }) => !muted.has(data.finding))),
    marks: events
      .filter((event) => MARK_KINDS.has(event.kind))
      .map((event) => ({ start: event.t_ns, end: event.t_ns, kind: event.kind, name: event.name, message: event.message })),
  };
  const starts = (...lists) => Float64Array.from(lists.flat(), ({ start }) => start).sort();
  const { phases, states, modes, alarms, data, marks } = lanes;
  return { ...lanes, times: starts(phases, states, modes, alarms, data, marks), alarmTimes: starts(alarms) };
}

/** The spans that hold `t`. */
export function activeAt(spans, t) {
  return spans.filter((span) => span.start <= t && (span.end === null || t < span.end));
}

/** The last span of a succession that has begun at `t`. */
export function currentAt(spans, t) {
  return activeAt(spans, t).at(-1) ?? null;
}

/** Give each span the first row in which it overlaps no other; returns the number of rows. */
export function stack(spans) {
  const ends = [];
  for (const span of spans) {
    const free = ends.findIndex((end) => end <= span.start);
    span.row = free < 0 ? ends.length : free;
    ends[span.row] = span.end ?? Infinity;
  }
  return ends.length;
}

/** The next of sorted `times` after (or before) `t`, which is not that instant itself; null when there is none. */
export function nextIn(times, t, direction) {
  const edge = direction > 0 ? t + SAME_NS : t - SAME_NS;
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle] < edge || (direction > 0 && times[middle] === edge)) low = middle + 1;
    else high = middle;
  }
  return times[direction > 0 ? low : low - 1] ?? null;
}
