// Lanes over time: a press goes there, the wheel and two fingers zoom, the strip below moves what is shown.

import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { catalogueOf } from "../../catalogue.js";
import { nameText, text } from "../../texts.js";
import { intoDay } from "../../time.js";
import { alarmText, findingText } from "../alarms/words.js";
import { draw, numberPhases } from "./draw.js";
import { HoverCard } from "./hover.jsx";
import { hit, layoutOf, scaleOf } from "./layout.js";
import "./timeline.css";

const WHEEL_ZOOM = 1.0015;

export function Timeline({ player }) {
  const canvas = useRef(null);
  const [hover, setHover] = useState(null);
  const { store, range } = player;
  const language = store.language.value;
  const lanes = store.lanes.value;
  const manifest = store.manifest.value;
  const layout = useMemo(() => {
    const made = layoutOf(lanes);
    numberPhases(made);
    return made;
  }, [lanes]);
  const catalogue = manifest && catalogueOf(manifest);
  const label = (key, span) => {
    if (key === "marks") return `${nameText(span.name, language)} ${span.message}`;
    if (key === "data") return findingText(span, catalogue, language) + (span.end > span.start ? ` · ${((span.end - span.start) / 1e9).toFixed(1)} s` : "");
    return key === "alarms" ? alarmText(span, catalogue, language) : nameText(span.name, language);
  };
  const view = {
    range: { from: range.from, span: range.span },
    t: store.t.value,
    start: store.start.value,
    end: store.end.value,
    zero: store.zero.value - (store.wall.value && player.wallZero !== null ? intoDay(player.wallZero) * 1e6 : 0),
    loop: store.loop.value,
    notes: store.notes.value,
    hits: store.marked.value,
    theme: store.theme.value,
    language,
    label,
    time: (t) => player.timeText(t),
  };
  const paint = useRef(null);
  paint.current = () => canvas.current && draw(canvas.current, layout, view);
  useEffect(() => paint.current());
  useEffect(() => {
    const observer = new ResizeObserver(() => paint.current());
    observer.observe(canvas.current);
    const release = gestures(canvas.current, player);
    return () => {
      observer.disconnect();
      release();
    };
  }, []);
  const playing = store.playing.value;
  useEffect(() => {
    if (playing) range.keep(view.t);
  }, [view.t, playing]);

  const look = (event) => {
    if (event.buttons || event.pointerType === "touch") return setHover(null);
    const scale = scaleOf(range, event.currentTarget.clientWidth);
    const found = hit(layout, scale, event.offsetX, event.offsetY, player.clock.end);
    const { clientWidth: width } = event.currentTarget;
    const members = found?.span.members?.map((span) => label(found.lane, span)) ?? [];
    setHover(found && { ...found, x: event.offsetX, width, label: label(found.lane, found.span), members });
  };
  return (
    <div class="timeline-place">
      <canvas
        ref={canvas}
        class="timeline"
        style={{ height: `${layout.height}px` }}
        data-overview={layout.overviewY}
        role="slider"
        tabIndex={0}
        aria-label={text("action.timeline", language)}
        aria-valuemin={0}
        aria-valuemax={Math.round((view.end - view.start) / 1e9)}
        aria-valuenow={Math.round((view.t - view.start) / 1e9)}
        aria-valuetext={player.timeText(view.t)}
        onPointerMove={look}
        onPointerLeave={() => setHover(null)}
      />
      {hover && <HoverCard player={player} {...hover} />}
    </div>
  );
}

/** Presses, wheel and fingers on the timeline; returns the way to let go. */
function gestures(canvas, player) {
  const { range, clock } = player;
  const fingers = new Map();
  let moving = null; // "cursor" or "overview"
  const scale = () => scaleOf(range, canvas.clientWidth);
  const go = (event) => {
    if (moving === "cursor") return player.seek(scale().time(event.offsetX));
    const whole = { from: clock.start, span: Math.max(clock.end - clock.start, 1) };
    const t = scaleOf(whole, canvas.clientWidth).time(event.offsetX);
    if (range.part.value) range.pan(t - (range.from + range.to) / 2);
    else player.seek(t);
  };
  const down = (event) => {
    canvas.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, event.offsetX);
    moving = event.offsetY >= Number(canvas.dataset.overview) - 3 ? "overview" : "cursor";
    if (fingers.size === 1) go(event);
  };
  const move = (event) => {
    if (!fingers.has(event.pointerId)) return;
    if (fingers.size === 1) go(event);
    else pinch(event);
    fingers.set(event.pointerId, event.offsetX);
  };
  const pinch = (event) => {
    const other = [...fingers].find(([id]) => id !== event.pointerId)[1];
    const before = fingers.get(event.pointerId);
    const [wide, now] = [Math.abs(before - other), Math.abs(event.offsetX - other)];
    if (wide > 8 && now > 8) range.zoom(wide / now, scale().time(other));
    range.pan(((before - event.offsetX) / 2) * scale().perPixel);
  };
  const up = (event) => fingers.delete(event.pointerId);
  const wheel = (event) => {
    event.preventDefault();
    const across = event.shiftKey ? event.deltaY : event.deltaX;
    if (Math.abs(across) > Math.abs(event.shiftKey ? 0 : event.deltaY)) range.pan(across * scale().perPixel);
    else range.zoom(WHEEL_ZOOM ** event.deltaY, scale().time(event.offsetX));
  };
  const listeners = { pointerdown: down, pointermove: move, pointerup: up, pointercancel: up, wheel };
  for (const [name, listener] of Object.entries(listeners)) canvas.addEventListener(name, listener, { passive: false });
  return () => {
    for (const [name, listener] of Object.entries(listeners)) canvas.removeEventListener(name, listener);
  };
}
