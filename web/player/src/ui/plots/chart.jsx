// Numbers of one unit over time.

import { useLayoutEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { numberText } from "../../values.js";
import { aligned, alone } from "./aligned.js";
import { LEFT_PX, lineColour, RIGHT_PX } from "./paint.js";
import { ticksOf } from "./ticks.js";

const POINT_PX = 4;
/** The other log's lines. */
const DASH = [5, 4];

export function Chart({ player, chart, shown, zero, theme, height }) {
  const place = useRef(null);
  const plot = useRef(null);
  const { signals } = player;
  const names = chart.signals.map((signal) => signal.name);
  const arrived = signals.arrived.value;
  const { other } = player;
  // B's lines are there as soon as there is another log.
  const beside = player.store.compared.value?.state === "ready" && other ? names.filter((name) => other.signals.known.has(name)) : [];
  const besideArrived = beside.length ? other.signals.arrived.value : 0;
  const until = signals.end;

  useLayoutEffect(() => {
    const element = place.current;
    plot.current = new uPlot(optionsOf(element, chart, beside, zero, theme, height), emptyOf([...names, ...beside]), element);
    const observer = new ResizeObserver(() => {
      const { clientWidth } = element;
      if (clientWidth) plot.current.setSize({ width: clientWidth, height: plot.current.height });
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      plot.current.destroy();
      plot.current = null;
    };
  }, [names.join(), beside.join(), theme, zero]);
  useLayoutEffect(() => plot.current.setSize({ width: place.current.clientWidth, height }), [height]);
  useLayoutEffect(() => {
    const series = [...names.map((name) => signals.series(name, ...shown)), ...beside.map((name) => other.series(name, ...shown))];
    plot.current.batch(() => {
      plot.current.setData(aligned(series, Math.min(until, shown[1])), false);
      plot.current.setScale("x", { min: shown[0] / 1e9, max: shown[1] / 1e9 });
    });
  }, [names.join(), beside.join(), theme, zero, ...shown, arrived, besideArrived, until]);
  return <div class="plots-chart" ref={place} />;
}

const emptyOf = (names) => [[], ...names.map(() => [])];

function optionsOf(element, { signals }, beside, zero, theme, height) {
  const style = getComputedStyle(element);
  const line = style.getPropertyValue("--line");
  const ink = style.getPropertyValue("--ink-soft");
  return {
    width: element.clientWidth || 300,
    height,
    padding: [6, RIGHT_PX, 6, 0],
    legend: { show: false },
    cursor: { show: false },
    scales: { x: { time: false, auto: false }, y: { auto: true, range: roomy } },
    axes: [
      { show: true, size: 0, values: () => [], ticks: { show: false }, grid: { stroke: line, width: 1 }, splits: (plot) => splitsOf(plot, zero) },
      { size: LEFT_PX, stroke: ink, font: `11px ${style.fontFamily}`, ticks: { show: false }, grid: { stroke: line, width: 1 }, values: (_, values) => values.map(shortText) },
    ],
    series: [
      {},
      ...signals.map((_, i) => seriesOf(lineColour(i, theme))),
      ...beside.map((name) => ({ ...seriesOf(lineColour(signals.findIndex((one) => one.name === name), theme)), dash: DASH })),
    ],
  };
}

function seriesOf(stroke) {
  return {
    stroke,
    width: 1.5,
    points: { show: true, size: POINT_PX, fill: stroke, filter: (plot, i) => alone(plot.data[i]) },
  };
}

/** A little air above and below; what never changes is in the middle. */
function roomy(_, low, high) {
  if (low === null || high === null) return [0, 1];
  const air = high > low ? (high - low) * 0.08 : Math.abs(high) * 0.1 || 1;
  return [low - air, high + air];
}

function splitsOf({ scales: { x }, over }, zero) {
  return ticksOf([x.min * 1e9, x.max * 1e9], zero, over.clientWidth || 1).ticks.map((t) => t / 1e9);
}

/** A number on an axis: no trailing zeros. */
const shortText = (value) => (Math.abs(value) >= 1e5 ? `${Number((value / 1000).toPrecision(6))}k` : numberText(value).replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, ""));
