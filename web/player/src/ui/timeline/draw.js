// Draws the timeline: ruler, lanes, loop, cursor, and the strip with all of the record.

import { FAMILIES, familyOf } from "../../findings.js";
import { text } from "../../texts.js";
import { LABEL_PX, OVERVIEW_PX, RIGHT_PX, ROW_PX, scaleOf, TICKS_PX, tickStep } from "./layout.js";

const PHASE_COLOURS = ["#2f7fb8", "#21867b", "#5a74c9", "#2f8a4e", "#7a68bd", "#27809a"];
const STATE_COLOURS = {
  Execute: "#2f8a4e",
  Complete: "#2f8a4e",
  Completing: "#3f8f5d",
  Idle: "#6d7a86",
  Held: "#b56d00",
  Holding: "#a8731d",
  Suspended: "#927700",
  Suspending: "#92791f",
  Aborted: "#c62f37",
  Aborting: "#c2474d",
  Stopped: "#7b6f6f",
};
const MODE_COLOURS = { automatic: "#56708a", semi_automatic: "#7a68bd", manual: "#a8731d", maintenance: "#9a5b3c" };
const ALARM_COLOURS = { A1: "#b3121b", A2: "#c62f37", B: "#d1560a", C: "#b56d00", D: "#927700" };
const MARK_COLOURS = { fault: "#c62f37", operator: "#2f7fb8", event: "#5b6770", verdict: "#2f8a4e" };
/** Of findings by their family. */
const DATA_COLOURS = { missing: "#8a6a4f", values: "#a04a7c", packs: "#3f7d4f", stamps: "#4b7391" };
const OTHER = "#6d7b87";
const HIT = "#c79a00";
const NOTE = "#8a4fb3";
/** What follows on the same line within this many pixels is drawn as one with what is there. */
const CROWDED_PX = 0.7;

const numberOf = new WeakMap();

export function colourOf(key, span) {
  if (key === "phases") return PHASE_COLOURS[(numberOf.get(span) ?? 0) % PHASE_COLOURS.length];
  if (key === "alarms") return ALARM_COLOURS[span.class] ?? "#c62f37";
  if (key === "data") return DATA_COLOURS[FAMILIES[familyOf(span.finding)].name];
  if (key === "marks") return MARK_COLOURS[span.kind] ?? OTHER;
  return { states: STATE_COLOURS, modes: MODE_COLOURS }[key][span.name] ?? OTHER;
}

/** Phases are told apart by colours in turn. */
export function numberPhases({ rows }) {
  rows.find(({ key }) => key === "phases")?.spans.forEach((span, i) => numberOf.set(span, i));
}

/**
 * @param canvas its CSS size is drawn at the screen's resolution
 * @param layout rows (layout.js)
 * @param view {range: {from, span}, t, start, end, zero, loop, hits, notes, language, label(key, span), time(t)}; ticks count from `zero`
 */
export function draw(canvas, layout, view) {
  const ratio = window.devicePixelRatio || 1;
  const { clientWidth: width, clientHeight: height } = canvas;
  if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
  }
  const pen = canvas.getContext("2d");
  const style = getComputedStyle(canvas);
  const colour = (name) => style.getPropertyValue(name).trim();
  const look = { ink: colour("--ink-soft"), line: colour("--line"), accent: colour("--accent"), accentInk: colour("--accent-ink") };
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.clearRect(0, 0, width, height);
  pen.font = `12px ${style.fontFamily}`;
  pen.textBaseline = "middle";
  const scale = scaleOf(view.range, width);
  const bottom = layout.overviewY - 3;
  drawLabels(pen, layout, view, look);
  pen.save();
  pen.beginPath();
  pen.rect(LABEL_PX - 8, 0, width - LABEL_PX - RIGHT_PX + 22, height);
  pen.clip();
  drawTicks(pen, scale, view, width, bottom, look);
  for (const row of layout.rows) drawRow(pen, row, scale, view, width, look);
  drawHits(pen, scale, view.hits, bottom, width);
  drawNotes(pen, scale, view.notes);
  drawLoop(pen, scale, view.loop, bottom, look);
  drawOverview(pen, layout, view, width, look);
  drawCursor(pen, scale, view, width, bottom, look);
  pen.restore();
}

function drawLabels(pen, { rows }, { language }, { ink }) {
  pen.fillStyle = ink;
  for (const row of rows) pen.fillText(text(`lane.${row.key}`, language), 14, row.y + row.height / 2);
}

function drawTicks(pen, scale, { range, zero, time }, width, bottom, { ink, line }) {
  const step = tickStep(scale.perPixel) * 1e9;
  pen.fillStyle = ink;
  pen.strokeStyle = line;
  for (let t = zero + Math.ceil((range.from - zero) / step) * step; t <= range.from + range.span; t += step) {
    const x = Math.round(scale.x(t)) + 0.5;
    pen.beginPath();
    pen.moveTo(x, TICKS_PX - 5);
    pen.lineTo(x, bottom);
    pen.stroke();
    const label = step < 1e9 ? time(t) : time(t).replace(/\.\d$/, "");
    if (x + 3 + pen.measureText(label).width < width - 2) pen.fillText(label, x + 3, 9);
  }
}

function drawRow(pen, row, scale, view, width, { line }) {
  pen.fillStyle = line;
  pen.globalAlpha = 0.45;
  pen.fillRect(LABEL_PX, row.y, width - LABEL_PX - RIGHT_PX, row.height);
  pen.globalAlpha = 1;
  pen.save();
  pen.beginPath();
  pen.rect(LABEL_PX - 6, row.y, width - LABEL_PX - RIGHT_PX + 12, row.height);
  pen.clip();
  const last = view.range.from + view.range.span;
  const drawn = []; // of each line, how far it is full
  for (const span of row.spans) {
    if (span.start > last) continue;
    const end = span.end ?? view.end;
    if (end < view.range.from) continue;
    const on = span.row ?? 0;
    const x0 = Math.max(scale.x(span.start), LABEL_PX - 20);
    const x1 = Math.min(scale.x(end), width + 20);
    if (x1 - (drawn[on] ?? -Infinity) < CROWDED_PX) continue;
    drawn[on] = Math.max(x1, x0);
    if (row.key === "marks") drawMark(pen, row, span, x0);
    else drawSpan(pen, row, span, x0, Math.max(x1, x0 + 2), view);
  }
  pen.restore();
}

function drawSpan(pen, row, span, x0, x1, view) {
  const y = row.y + span.row * ROW_PX;
  pen.fillStyle = colourOf(row.key, span);
  if (x1 - x0 < 4) {
    pen.fillRect(x0, y + 1, x1 - x0, ROW_PX - 2);
    return;
  }
  pen.beginPath();
  pen.roundRect(x0 + 0.5, y + 1, x1 - x0 - 1, ROW_PX - 2, 3);
  pen.fill();
  // What began before the picture is named where it is seen.
  const from = Math.max(x0, LABEL_PX) + 6;
  const shown = fit(pen, view.label(row.key, span), x1 - from - 4);
  if (!shown) return;
  pen.fillStyle = "#fff";
  pen.fillText(shown, from, y + ROW_PX / 2 + 0.5);
}

/** The text, cut to a width with an ellipsis; empty when not even two letters fit. */
function fit(pen, label, room) {
  if (room < 14) return "";
  if (pen.measureText(label).width <= room) return label;
  let cut = label.length - 1;
  while (cut > 1 && pen.measureText(`${label.slice(0, cut)}…`).width > room) cut--;
  return cut > 1 ? `${label.slice(0, cut)}…` : "";
}

function drawMark(pen, row, mark, x) {
  const y = row.y + row.height / 2;
  pen.fillStyle = colourOf("marks", mark);
  pen.beginPath();
  pen.moveTo(x, y - 6);
  pen.lineTo(x + 5, y);
  pen.lineTo(x, y + 6);
  pen.lineTo(x - 5, y);
  pen.fill();
}

/** Where a search found something: a bright bar across all lanes, at least two pixels wide. */
function drawHits(pen, scale, hits, bottom, width) {
  pen.fillStyle = HIT;
  let full = -Infinity;
  for (const { start, end } of hits) {
    const x0 = scale.x(start);
    if (x0 > width) break;
    const x1 = Math.max(scale.x(end), x0 + 2);
    if (x1 - full < CROWDED_PX || x1 < LABEL_PX) continue;
    full = x1;
    pen.globalAlpha = 0.28;
    pen.fillRect(x0, TICKS_PX - 4, x1 - x0, bottom - TICKS_PX + 4);
    pen.globalAlpha = 1;
    pen.fillRect(x0, TICKS_PX - 4, Math.min(2, x1 - x0), bottom - TICKS_PX + 4);
  }
}

/** Notes hang from the ruler: a flag, and a line as long as their stretch. */
function drawNotes(pen, scale, notes) {
  pen.fillStyle = NOTE;
  for (const { start_ns: start, end_ns: end } of notes) {
    const x = scale.x(start);
    pen.fillRect(x, TICKS_PX - 5, Math.max(scale.x(end) - x, 1.5), 3);
    pen.beginPath();
    pen.moveTo(x, TICKS_PX - 5);
    pen.lineTo(x + 8, TICKS_PX - 1);
    pen.lineTo(x, TICKS_PX + 4);
    pen.fill();
  }
}

function drawLoop(pen, scale, loop, bottom, { accent }) {
  if (!loop) return;
  const x0 = scale.x(loop.from);
  pen.fillStyle = accent;
  if (loop.to !== null) {
    pen.globalAlpha = 0.16;
    pen.fillRect(x0, TICKS_PX - 4, scale.x(loop.to) - x0, bottom - TICKS_PX + 4);
    pen.globalAlpha = 1;
  }
  for (const t of [loop.from, loop.to]) if (t !== null) pen.fillRect(scale.x(t) - 1, TICKS_PX - 4, 2, bottom - TICKS_PX + 4);
}

function drawOverview(pen, { rows, overviewY: y }, view, width, { line, accent }) {
  const whole = scaleOf({ from: view.start, span: Math.max(view.end - view.start, 1) }, width);
  pen.fillStyle = line;
  pen.globalAlpha = 0.6;
  pen.fillRect(LABEL_PX, y, width - LABEL_PX - RIGHT_PX, OVERVIEW_PX);
  pen.globalAlpha = 0.85;
  for (const [key, top, height] of [["states", 0, 6], ["data", 0, 6], ["alarms", 7, 5]]) {
    let full = -Infinity;
    for (const span of rows.find((row) => row.key === key)?.spans ?? []) {
      const x0 = whole.x(span.start);
      const x1 = Math.max(whole.x(span.end ?? view.end), x0 + 1);
      if (x1 - full < CROWDED_PX) continue;
      full = x1;
      pen.fillStyle = colourOf(key, span);
      pen.fillRect(x0, y + top, x1 - x0, height);
    }
  }
  pen.globalAlpha = 1;
  pen.fillStyle = pen.strokeStyle = accent;
  pen.fillRect(whole.x(view.t) - 0.5, y - 1, 1.5, OVERVIEW_PX + 2);
  if (view.range.span >= view.end - view.start) return;
  const x0 = whole.x(view.range.from);
  const shown = Math.max(whole.x(view.range.from + view.range.span) - x0, 6);
  pen.globalAlpha = 0.18;
  pen.fillRect(x0, y - 1, shown, OVERVIEW_PX + 2);
  pen.globalAlpha = 1;
  pen.lineWidth = 1.5;
  pen.strokeRect(x0, y - 1, shown, OVERVIEW_PX + 2);
  pen.lineWidth = 1;
}

/** The cursor with its time in a bubble on the ruler. */
function drawCursor(pen, scale, view, width, bottom, { accent, accentInk }) {
  const x = scale.x(view.t);
  if (x < LABEL_PX - 1 || x > width - RIGHT_PX + 1) return;
  pen.fillStyle = accent;
  pen.fillRect(Math.round(x) - 1, 10, 2, bottom - 10);
  const label = view.time(view.t);
  const half = pen.measureText(label).width / 2 + 6;
  const middle = Math.min(Math.max(x, LABEL_PX - 8 + half), width - half - 1);
  pen.beginPath();
  pen.roundRect(middle - half, 1, 2 * half, 16, 5);
  pen.fill();
  pen.fillStyle = accentInk;
  pen.textAlign = "center";
  pen.fillText(label, middle, 9.5);
  pen.textAlign = "start";
}
