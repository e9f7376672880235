// A signal whose values are words, as bands over time; and the axis of time.

import { useLayoutEffect, useRef } from "preact/hooks";
import { valueText } from "../../values.js";
import { bandsOf } from "./group.js";
import { bandColour, LEFT_PX, penOf } from "./paint.js";
import { ticksOf } from "./ticks.js";

const BAND_PX = 20;
/** The other log's bands, below. */
const OTHER_PX = 4;

/** Draw on a canvas after every change of what it depends on, and of its size. */
function useDrawn(draw, depends) {
  const canvas = useRef(null);
  const latest = useRef(draw);
  latest.current = draw;
  useLayoutEffect(() => draw(canvas.current), depends);
  useLayoutEffect(() => {
    const element = canvas.current;
    const observer = new ResizeObserver(() => latest.current(element));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return canvas;
}

export function Lane({ player, signal, shown, theme, language }) {
  const { signals, other } = player;
  const ready = player.store.compared.value?.state === "ready";
  const beside = ready && other?.signals.known.has(signal.name) ? other : null;
  const until = Math.min(signals.end, shown[1]);
  const draw = (canvas) => {
    const { pen, height, line, x } = penOf(canvas);
    const y = (height - BAND_PX) / 2;
    const drawOther = () => {
      for (const band of bandsOf(beside.series(signal.name, ...shown), shown[0], until)) {
        const from = x(band.t0, shown);
        const colour = bandColour(signal, band.value, theme);
        pen.fillStyle = colour ?? line;
        pen.fillRect(from, y + BAND_PX + 2, Math.max(x(band.t1, shown) - from, 1), colour ? OTHER_PX : 1);
      }
    };
    for (const band of bandsOf(signals.series(signal.name, ...shown), shown[0], until)) {
      const from = x(band.t0, shown);
      const width = Math.max(x(band.t1, shown) - from, 1);
      const colour = bandColour(signal, band.value, theme);
      pen.fillStyle = colour ?? line;
      pen.globalAlpha = colour ? 1 : 0.6;
      pen.fillRect(from, colour ? y : y + BAND_PX / 2 - 1, width, colour ? BAND_PX : 2);
      pen.globalAlpha = 1;
      const label = colour && signal.type === "enum" ? valueText(signal, band.value, language) : "";
      if (label && pen.measureText(label).width < width - 8) {
        pen.fillStyle = "#fff";
        pen.fillText(label, from + 5, height / 2 + 0.5);
      }
    }
    if (beside) drawOther();
  };
  const canvas = useDrawn(draw, [signal.name, ...shown, until, theme, language, signals.arrived.value, beside, beside?.signals.arrived.value]);
  return <canvas class="plots-lane" ref={canvas} />;
}

export function TimeAxis({ player, shown, zero, theme }) {
  const draw = (canvas) => {
    const { pen, width, room, ink, line, x } = penOf(canvas);
    const { ticks, step } = ticksOf(shown, zero, room);
    pen.strokeStyle = line;
    pen.fillStyle = ink;
    for (const tick of ticks) {
      const at = Math.round(x(tick, shown)) + 0.5;
      pen.beginPath();
      pen.moveTo(at, 0);
      pen.lineTo(at, 5);
      pen.stroke();
      const label = step < 1e9 ? player.timeText(tick) : player.timeText(tick).replace(/\.\d$/, "");
      const half = pen.measureText(label).width / 2;
      if (at - half > LEFT_PX - 24 && at + half < width) pen.fillText(label, at - half, 14);
    }
  };
  return <canvas class="plots-axis" ref={useDrawn(draw, [zero, ...shown, theme])} />;
}
