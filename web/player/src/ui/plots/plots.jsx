// Chosen signals over the stretch of time that the timeline shows, with the same cursor.

import { useEffect, useRef, useState } from "preact/hooks";
import { catalogueOf, qualityOf } from "../../catalogue.js";
import { signalText, text } from "../../texts.js";
import { intoDay } from "../../time.js";
import { valueText } from "../../values.js";
import { Button } from "../icons.jsx";
import { Chart } from "./chart.jsx";
import { gesturesOf } from "./gestures.js";
import { groupsOf, moved } from "./group.js";
import { Lane, TimeAxis } from "./lane.jsx";
import { LEFT_PX, lineColour, RIGHT_PX } from "./paint.js";
import { Beginnings } from "./beginnings.jsx";
import "./plots.css";

const LANE_PX = 38;
const AXIS_PX = 38;
const LEAST_CHART_PX = 104;
const ZOOM = 1.5;

export function PlotsPanel({ player }) {
  const { store } = player;
  const manifest = store.manifest.value;
  if (!manifest) return <div class="plots" />;
  const catalogue = catalogueOf(manifest);
  const groups = groupsOf(store.plotted.value, catalogue.signals);
  if (!groups.charts.length && !groups.lanes.length) return <Beginnings store={store} catalogue={catalogue} />;
  return <Plots key={manifest.id} player={player} catalogue={catalogue} groups={groups} />;
}

function Plots({ player, catalogue, groups: { charts, lanes } }) {
  const { store, signals } = player;
  const language = store.language.value;
  const theme = store.theme.value;
  const t = store.t.value;
  const { range } = player;
  const shown = [range.from, range.to];
  const zero = store.zero.value - (store.wall.value && player.wallZero !== null ? intoDay(player.wallZero) * 1e6 : 0);
  const [room, setRoom] = useState(200);
  const body = useRef(null);
  const names = [...lanes, ...charts.flatMap((chart) => chart.signals)].map((signal) => signal.name);
  useEffect(() => signals.watch(names), [names.join()]);

  useEffect(() => gesturesOf(body.current, player), []);
  useEffect(() => {
    const observer = new ResizeObserver(([{ contentRect }]) => setRoom(contentRect.height));
    observer.observe(body.current);
    return () => observer.disconnect();
  }, []);
  const rest = (room - lanes.length * LANE_PX - AXIS_PX) / Math.max(charts.length, 1);
  const height = Math.floor(Math.max(rest, LEAST_CHART_PX));
  const place = (t - shown[0]) / (shown[1] - shown[0]);
  const entry = (signal, colour) => <Entry key={signal.name} player={player} catalogue={catalogue} signal={signal} colour={colour} t={t} />;
  return (
    <div class="plots">
      <div
        ref={body}
        class="plots-body"
        role="slider"
        tabIndex={0}
        aria-label={text("plots.time", language)}
        aria-valuemin={0}
        aria-valuemax={Math.round((store.end.value - store.start.value) / 1e9)}
        aria-valuenow={Math.round((t - store.start.value) / 1e9)}
        aria-valuetext={player.timeText(t)}
      >
        <div class="plots-all">
          {lanes.map((signal) => (
            <div key={signal.name} class="plots-group lane" style={{ height: `${LANE_PX}px` }}>
              <div class="plots-legend">{entry(signal, null)}</div>
              <div class="plots-area">
                <Lane player={player} signal={signal} shown={shown} theme={theme} language={language} />
              </div>
            </div>
          ))}
          {charts.map((chart) => (
            <div key={chart.unit} class="plots-group chart" style={{ height: `${height}px` }}>
              <div class="plots-legend">{chart.signals.map((signal, i) => entry(signal, lineColour(i, theme)))}</div>
              <div class="plots-area">
                <Chart player={player} chart={chart} shown={shown} zero={zero} theme={theme} height={height} />
                <span class="plots-unit">{chart.unit || text("plots.no_unit", language)}</span>
              </div>
            </div>
          ))}
          <div class="plots-group axis" style={{ height: `${AXIS_PX}px` }}>
            <div class="plots-tools">
              <Button icon="plus" label={text("plots.in", language)} onClick={() => range.zoom(1 / ZOOM, t)} />
              <Button icon="minus" label={text("plots.out", language)} onClick={() => range.zoom(ZOOM, t)} />
              <Button icon="fit" label={text("plots.fit", language)} onClick={() => range.fit()} />
              <span class="spacer" />
              <Button icon="close" label={text("plots.clear", language)} onClick={() => (store.plotted.value = [])} />
            </div>
            <div class="plots-area">
              <TimeAxis player={player} shown={shown} zero={zero} theme={theme} />
            </div>
          </div>
          {place >= 0 && place <= 1 && (
            <div class="plots-over">
              <div class="plots-cursor" style={{ left: `calc(${LEFT_PX}px + ${place} * (100% - ${LEFT_PX + RIGHT_PX}px))` }} />
            </div>
          )}
        </div>
      </div>
    </div>
  );
}

/** A signal in the legend: its colour, what it is, its value at the cursor. */
function Entry({ player, catalogue, signal, colour, t }) {
  const { store, signals } = player;
  const language = store.language.value;
  signals.arrived.value;
  const sample = signals.sample(signal.name, t);
  const words = signalText(signal, signal.name, language);
  const change = (names) => (store.plotted.value = names);
  return (
    <div class={`plots-entry ${qualityOf(catalogue, signal, sample)}`} data-signal={signal.name} tabIndex={0} title={[words, signal.name, signal.source].filter(Boolean).join("\n")}>
      <i style={{ background: colour ?? "var(--ink-soft)" }} />
      <span class="plots-what">
        <span>{words}</span>
        <code>{signal.source ?? signal.name}</code>
      </span>
      <b>
        {valueText(signal, sample?.value, language)}
        {Number.isFinite(sample?.value) && signal.unit && <small>{signal.unit}</small>}
      </b>
      <span class="plots-change">
        <Button icon="up" label={text("plots.up", language)} onClick={() => change(moved(store.plotted.value, signal.name, -1, catalogue.signals))} />
        <Button icon="close" label={text("plots.remove", language)} onClick={() => change(store.plotted.value.filter((one) => one !== signal.name))} />
      </span>
    </div>
  );
}
