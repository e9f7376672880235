// Lanes with their place on the timeline, and where on it an instant is.

import { laneOfFindings } from "../../findings.js";
import { stack } from "../../lanes.js";

export const LABEL_PX = 86;
export const RIGHT_PX = 14;
export const TICKS_PX = 20;
export const ROW_PX = 20;
export const OVERVIEW_PX = 12;
const MARKS_PX = 18;
const GAP_PX = 4;
const MAX_ALARM_ROWS = 3;

/** Rows {key, spans, y, height} from top to bottom, and the height of all with ruler and overview. */
export function layoutOf(lanes) {
  const rows = [];
  let y = TICKS_PX;
  const add = (key, spans, lines, line = ROW_PX) => {
    rows.push({ key, spans, y, height: lines * line });
    y += lines * line + GAP_PX;
  };
  const single = (spans) => spans.map((span) => ({ ...span, row: 0 }));
  if (lanes.phases.length) {
    const phases = single(lanes.phases);
    add("phases", phases, Math.max(stack(phases), 1));
  }
  if (lanes.states.length) add("states", single(lanes.states), 1);
  if (lanes.modes.length > 1) add("modes", single(lanes.modes), 1);
  const alarms = single(lanes.alarms);
  const alarmRows = Math.min(Math.max(stack(alarms), 1), MAX_ALARM_ROWS);
  for (const span of alarms) span.row %= MAX_ALARM_ROWS;
  add("alarms", alarms, alarmRows);
  const { spans, lines } = laneOfFindings(lanes.data);
  if (lines) add("data", spans, lines);
  add("marks", lanes.marks, 1, MARKS_PX);
  return { rows, overviewY: y + 2, height: y + OVERVIEW_PX + 6 };
}

/** From instants to pixels and back, for a stretch {from, span} over a canvas of `width`. */
export function scaleOf({ from, span }, width) {
  const room = Math.max(width - LABEL_PX - RIGHT_PX, 1);
  return {
    x: (t) => LABEL_PX + ((t - from) / span) * room,
    time: (x) => from + (Math.min(Math.max(x - LABEL_PX, 0), room) / room) * span,
    perPixel: span / room,
  };
}

const STEPS_S = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600, 7200, 14400, 43200, 86400];

/** Seconds from tick to tick so that each has `room` pixels. */
export function tickStep(perPixel, room = 90) {
  const wanted = (perPixel * room) / 1e9;
  return STEPS_S.find((step) => step >= wanted) ?? 86400 * Math.ceil(wanted / 86400);
}

/** What is under a point of the timeline: {lane, span}, or null. */
export function hit({ rows }, scale, x, y, end) {
  const row = rows.find((candidate) => y >= candidate.y && y < candidate.y + candidate.height);
  if (!row || x < LABEL_PX) return null;
  const line = Math.floor((y - row.y) / ROW_PX);
  const near = row.key === "marks" ? 7 : 2;
  const under = row.spans.filter(
    (span) => (row.key === "marks" || span.row === line) && scale.x(span.start) - near <= x && x <= Math.max(scale.x(span.end ?? end), scale.x(span.start) + near),
  );
  if (!under.length) return null;
  const off = (span) => Math.abs(scale.x(span.start) - x);
  const span = row.key === "marks" ? under.reduce((best, one) => (off(one) < off(best) ? one : best)) : under.at(-1);
  return { lane: row.key, span };
}
