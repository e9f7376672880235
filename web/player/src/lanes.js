// Events of a record as lanes of a timeline: what lasted from when to when, and what happened at an instant.

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

export function lanesOf(events) {
  const byKind = (kind) => events.filter((event) => event.kind === kind);
  return {
    phases: spans(byKind("phase"), "start", "end", () => ({})),
    alarms: spans(byKind("alarm"), "raised", "cleared", (event) => ({ class: event.data?.class ?? "", message: event.message })),
    states: successions(byKind("state")),
    modes: successions(byKind("mode")),
    marks: events
      .filter((event) => MARK_KINDS.has(event.kind))
      .map((event) => ({ t: event.t_ns, kind: event.kind, name: event.name, message: event.message })),
  };
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

/** The next instant after (or before) `t` at which something begins or happens; null when there is none. */
export function neighbour(lanes, t, direction) {
  const times = [
    ...lanes.phases.map((span) => span.start),
    ...lanes.alarms.map((span) => span.start),
    ...lanes.states.map((span) => span.start),
    ...lanes.marks.map((mark) => mark.t),
  ];
  const beyond = times.filter((time) => (direction > 0 ? time > t + 1e6 : time < t - 1e6));
  return beyond.length ? (direction > 0 ? Math.min(...beyond) : Math.max(...beyond)) : null;
}
