// Hands on the plots: a press or drag moves the cursor, a wheel or pinch zooms, shift or two fingers move along.

import { LEFT_PX, RIGHT_PX } from "./paint.js";

const WHEEL = 0.0015;

/**
 * @param body element whose plots are `.plots-area`
 * @param player its cursor moves, and the stretch of time that timeline and plots show
 * @returns the way to let go again
 */
export function gesturesOf(body, player) {
  const { range } = player;
  const fingers = new Map(); // pointer → last x
  let drag = null; // "scrub" | "pan" | "pinch"
  const frameOf = (event) => {
    const area = event.target.closest?.(".plots-area") ?? body.querySelector(".plots-area");
    const box = area.getBoundingClientRect();
    return { left: box.left + LEFT_PX, width: Math.max(box.width - LEFT_PX - RIGHT_PX, 1) };
  };
  const timeAt = (x, { left, width }) => {
    return range.from + Math.min(Math.max((x - left) / width, 0), 1) * range.span;
  };
  const perPixel = ({ width }) => range.span / width;

  const press = (event) => {
    if (!event.target.closest(".plots-area") || event.button > 1) return;
    event.preventDefault();
    body.focus({ preventScroll: true });
    body.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, event.clientX);
    drag = fingers.size > 1 ? "pinch" : event.shiftKey || event.button === 1 ? "pan" : "scrub";
    if (drag === "scrub") player.seek(timeAt(event.clientX, frameOf(event)));
  };
  const move = (event) => {
    if (!fingers.has(event.pointerId)) return;
    const frame = frameOf(event);
    const before = [...fingers.values()];
    const by = event.clientX - fingers.get(event.pointerId);
    fingers.set(event.pointerId, event.clientX);
    if (drag === "scrub") player.seek(timeAt(event.clientX, frame));
    if (drag === "pan") range.pan(-by * perPixel(frame));
    if (drag === "pinch") pinch(before, [...fingers.values()], frame);
  };
  const pinch = ([a, b], [c, d], frame) => {
    range.pan(-((c + d - a - b) / 2) * perPixel(frame));
    const apart = Math.abs(d - c);
    if (apart > 10) range.zoom(Math.abs(b - a) / apart, timeAt((c + d) / 2, frame));
  };
  const release = (event) => {
    fingers.delete(event.pointerId);
    drag = null;
  };
  const wheel = (event) => {
    if (!event.target.closest(".plots-area")) return;
    event.preventDefault();
    const frame = frameOf(event);
    const along = event.shiftKey ? event.deltaY || event.deltaX : event.deltaX;
    if (Math.abs(along) > Math.abs(event.deltaY) || event.shiftKey) range.pan(along * perPixel(frame));
    else range.zoom(Math.exp(event.deltaY * WHEEL), timeAt(event.clientX, frame));
  };
  const listeners = { pointerdown: press, pointermove: move, pointerup: release, pointercancel: release, wheel };
  for (const [name, listener] of Object.entries(listeners)) body.addEventListener(name, listener, { passive: false });
  return () => {
    for (const [name, listener] of Object.entries(listeners)) body.removeEventListener(name, listener);
  };
}
