// Lanes over time: phases, states, alarms, events; a press anywhere goes there.

import { useEffect, useRef } from "preact/hooks";
import { lanesOf, stack } from "../lanes.js";
import { nameText, signalText, text, timeText } from "../texts.js";

const LABEL_PX = 86;
const RIGHT_PX = 14;
const TICKS_PX = 18;
const ROW_PX = 20;
const MARKS_PX = 18;
const GAP_PX = 5;
const MAX_ALARM_ROWS = 3;

const PHASE_COLOURS = ["#2f7fb8", "#2b9c8f", "#5a74c9", "#3a9d5d", "#7a68bd", "#2f93a8"];
const STATE_COLOURS = {
  Execute: "#3a9d5d",
  Complete: "#3a9d5d",
  Completing: "#57ad75",
  Idle: "#8b98a4",
  Held: "#d9860a",
  Holding: "#e0a040",
  Suspended: "#c7a008",
  Suspending: "#d1b540",
  Aborted: "#c62f37",
  Aborting: "#d4575d",
  Stopped: "#7b6f6f",
};
const ALARM_COLOURS = { A1: "#b3121b", A2: "#c62f37", B: "#d9620a", C: "#d9860a", D: "#b59a12" };
const MARK_COLOURS = { fault: "#c62f37", operator: "#2f7fb8", event: "#5b6770", verdict: "#3a9d5d" };

export function Timeline({ player }) {
  const canvas = useRef(null);
  const { store } = player;
  const model = useRef(null);
  const language = store.language.value;
  const events = store.events.value;
  const manifest = store.manifest.value;
  if (!model.current || model.current.events !== events) model.current = { events, ...layout(events) };

  const height = TICKS_PX + model.current.height + 8;
  // Redrawn on every change of what it shows; the cursor moves at the pace of text.
  const drawn = [store.t.value, store.start.value, store.end.value, store.theme.value, language, events, manifest];
  useEffect(() => draw(canvas.current, model.current, player, language), drawn);
  useEffect(() => {
    const observer = new ResizeObserver(() => draw(canvas.current, model.current, player, store.language.value));
    observer.observe(canvas.current);
    return () => observer.disconnect();
  }, []);

  const scrub = (event) => {
    const target = event.currentTarget;
    if (event.type === "pointerdown") target.setPointerCapture(event.pointerId);
    if (!target.hasPointerCapture(event.pointerId)) {
      target.title = describe(model.current, event.offsetX, event.offsetY, player, language);
      return;
    }
    player.seek(scaleOf(target, player).time(event.offsetX));
  };
  return (
    <canvas
      ref={canvas}
      class="timeline"
      style={{ height: `${height}px` }}
      role="slider"
      tabIndex={0}
      aria-label={text("action.timeline", language)}
      aria-valuemin={0}
      aria-valuemax={Math.round((store.end.value - store.start.value) / 1e9)}
      aria-valuenow={Math.round((store.t.value - store.start.value) / 1e9)}
      aria-valuetext={timeText(store.t.value - store.start.value)}
      onPointerDown={scrub}
      onPointerMove={scrub}
    />
  );
}

/** Lanes with their place on the canvas. */
function layout(events) {
  const lanes = lanesOf(events);
  const rows = [];
  let y = TICKS_PX;
  const add = (key, spans, height) => {
    rows.push({ key, spans, y, height });
    y += height + GAP_PX;
  };
  if (lanes.phases.length) add("phases", lanes.phases, Math.max(1, stack(lanes.phases)) * ROW_PX);
  if (lanes.states.length) add("states", lanes.states.map((span) => ({ ...span, row: 0 })), ROW_PX);
  const alarmRows = Math.min(Math.max(stack(lanes.alarms), 1), MAX_ALARM_ROWS);
  for (const span of lanes.alarms) span.row %= MAX_ALARM_ROWS;
  add("alarms", lanes.alarms, alarmRows * ROW_PX);
  add("marks", lanes.marks, MARKS_PX);
  return { rows, height: y - TICKS_PX };
}

function scaleOf(canvas, player) {
  const { start, end } = player.clock;
  const width = Math.max(canvas.clientWidth - LABEL_PX - RIGHT_PX, 1);
  const span = Math.max(end - start, 1);
  return {
    x: (t) => LABEL_PX + ((t - start) / span) * width,
    time: (x) => start + (Math.min(Math.max(x - LABEL_PX, 0), width) / width) * span,
  };
}

function labelOf(row, span, player, language) {
  if (row.key !== "alarms") return nameText(span.name, language);
  const tables = Object.values(player.store.manifest.value?.tables ?? {}).flat();
  return signalText(tables.find((signal) => signal.name === span.name), span.name, language);
}

function colourOf(row, span, i) {
  if (row.key === "phases") return PHASE_COLOURS[i % PHASE_COLOURS.length];
  if (row.key === "states") return STATE_COLOURS[span.name] ?? "#6d7b87";
  return ALARM_COLOURS[span.class] ?? "#c62f37";
}

function draw(canvas, { rows }, player, language) {
  if (!canvas) return;
  const ratio = window.devicePixelRatio || 1;
  const { clientWidth: width, clientHeight: height } = canvas;
  if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
  }
  const pen = canvas.getContext("2d");
  const style = getComputedStyle(canvas);
  const ink = style.getPropertyValue("--ink-soft");
  const line = style.getPropertyValue("--line");
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.clearRect(0, 0, width, height);
  pen.font = `12px ${style.fontFamily}`;
  pen.textBaseline = "middle";
  const scale = scaleOf(canvas, player);
  drawTicks(pen, scale, player, width, height, ink, line);
  for (const row of rows) {
    pen.fillStyle = line;
    pen.globalAlpha = 0.45;
    pen.fillRect(LABEL_PX, row.y, width - LABEL_PX - RIGHT_PX, row.height);
    pen.globalAlpha = 1;
    pen.fillStyle = ink;
    pen.fillText(text(`lane.${row.key}`, language), 14, row.y + row.height / 2);
    if (row.key === "marks") drawMarks(pen, row, scale);
    else row.spans.forEach((span, i) => drawSpan(pen, row, span, i, scale, player, language));
  }
  drawCursor(pen, scale.x(player.clock.t), height, style.getPropertyValue("--accent"));
}

function drawTicks(pen, scale, player, width, height, ink, line) {
  const { start, end } = player.clock;
  const seconds = (end - start) / 1e9;
  const room = Math.max((width - LABEL_PX) / 90, 1);
  const step = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600, 7200].find((s) => seconds / s <= room) ?? 14400;
  pen.fillStyle = ink;
  pen.strokeStyle = line;
  for (let s = 0; s <= seconds; s += step) {
    const x = Math.round(scale.x(start + s * 1e9)) + 0.5;
    pen.beginPath();
    pen.moveTo(x, TICKS_PX - 5);
    pen.lineTo(x, height);
    pen.stroke();
    const label = step < 1 ? timeText(s * 1e9) : timeText(s * 1e9).replace(/\.0$/, "");
    if (x + pen.measureText(label).width < width) pen.fillText(label, x + 3, 8);
  }
}

function drawSpan(pen, row, span, i, scale, player, language) {
  const x0 = scale.x(span.start);
  const x1 = Math.max(scale.x(span.end ?? player.clock.end), x0 + 2);
  const y = row.y + span.row * ROW_PX;
  pen.fillStyle = colourOf(row, span, i);
  pen.beginPath();
  pen.roundRect(x0 + 0.5, y + 1, Math.max(x1 - x0 - 1, 1.5), ROW_PX - 2, 3);
  pen.fill();
  const label = labelOf(row, span, player, language);
  const room = x1 - x0 - 10;
  if (room < 14) return;
  const shown = fit(pen, label, room);
  if (!shown) return;
  pen.fillStyle = "#fff";
  pen.fillText(shown, x0 + 6, y + ROW_PX / 2 + 0.5);
}

/** The text, cut to a width with an ellipsis; empty when not even two letters fit. */
function fit(pen, label, room) {
  if (pen.measureText(label).width <= room) return label;
  let cut = label.length - 1;
  while (cut > 1 && pen.measureText(`${label.slice(0, cut)}…`).width > room) cut--;
  return cut > 1 ? `${label.slice(0, cut)}…` : "";
}

function drawMarks(pen, row, scale) {
  for (const mark of row.spans) {
    const x = scale.x(mark.t);
    const y = row.y + row.height / 2;
    pen.fillStyle = MARK_COLOURS[mark.kind] ?? "#5b6770";
    pen.beginPath();
    pen.moveTo(x, y - 6);
    pen.lineTo(x + 5, y);
    pen.lineTo(x, y + 6);
    pen.lineTo(x - 5, y);
    pen.fill();
  }
}

function drawCursor(pen, x, height, colour) {
  pen.fillStyle = colour;
  pen.fillRect(Math.round(x) - 1, TICKS_PX - 6, 2, height);
  pen.beginPath();
  pen.moveTo(x - 6, 4);
  pen.lineTo(x + 6, 4);
  pen.lineTo(x, 14);
  pen.fill();
}

/** What is under the pointer, for its tooltip. */
function describe({ rows }, x, y, player, language) {
  const canvasScale = (canvas) => scaleOf(canvas, player);
  const row = rows.find((candidate) => y >= candidate.y && y < candidate.y + candidate.height);
  const canvas = document.querySelector("canvas.timeline");
  if (!row || !canvas) return "";
  const scale = canvasScale(canvas);
  if (row.key === "marks") {
    const mark = row.spans.find((candidate) => Math.abs(scale.x(candidate.t) - x) < 7);
    return mark ? `${timeText(mark.t - player.clock.start)}  ${mark.name} ${mark.message}` : "";
  }
  const t = scale.time(x);
  const line = Math.floor((y - row.y) / ROW_PX);
  const span = row.spans.find((s) => s.row === line && s.start <= t && t < (s.end ?? Infinity));
  if (!span) return "";
  const until = span.end === null ? "…" : timeText(span.end - player.clock.start);
  return `${labelOf(row, span, player, language)}  ${timeText(span.start - player.clock.start)} – ${until}`;
}
