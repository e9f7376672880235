// One signal: what it is, a line of it around the cursor, its value there, and whether it is plotted.

import { qualityOf } from "../../catalogue.js";
import { sparkPath } from "../../spark.js";
import { signalText, text } from "../../texts.js";
import { differenceOf, numberText, valueText } from "../../values.js";
import { Button } from "../icons.jsx";

/** The line reaches this far to either side of the cursor, ns. */
const SPARK_NS = 5e9;
const SPARK = { width: 84, height: 20 };

export function SignalRow({ player, catalogue, signal }) {
  const { store, signals } = player;
  const language = store.language.value;
  const t = store.t.value;
  signals.arrived.value; // drawn again when more is known
  const sample = signals.sample(signal.name, t);
  const truth = catalogue.truths.get(signal.name);
  const quality = qualityOf(catalogue, signal, sample);
  return (
    <div class={`signals-row ${quality}`} data-signal={signal.name}>
      <div class="signals-lines">
        <div>
          <span class="signals-text">{signalText(signal, signal.field, language)}</span>
          <Value signal={signal} sample={sample} quality={quality} language={language} />
        </div>
        <div>
          <code title={[signal.name, signal.source].filter(Boolean).join("\n")}>
            {(signal.text?.en && signal.source) || signal.field}
          </code>
          {truth && <Truth signals={signals} signal={signal} truth={truth} value={sample?.value} t={t} language={language} />}
          <Spark player={player} signal={signal} t={t} />
        </div>
      </div>
      <PlotButton store={store} name={signal.name} />
    </div>
  );
}

function Spark({ player, signal, t }) {
  const { signals } = player;
  const { width, height } = SPARK;
  const path = sparkPath(signals.series(signal.name, t - SPARK_NS, t + SPARK_NS), t - SPARK_NS, t + SPARK_NS, width, height, signals.end);
  return (
    <svg class="signals-spark" viewBox={`0 0 ${width} ${height}`} width={width} height={height} aria-hidden="true">
      <path class="now" d={`M${width / 2} 0V${height}`} />
      <path class="line" d={path} />
    </svg>
  );
}

function Value({ signal, sample, quality, language }) {
  const said = ["held", "truth", "estimated"].includes(quality);
  return (
    <span class="signals-value">
      {said && (
        <em class={`signals-quality ${quality}`} title={text(`quality.${quality}.title`, language)}>
          {text(`quality.${quality}`, language)}
        </em>
      )}
      <b>{valueText(signal, sample?.value, language)}</b>
      {signal.unit && Number.isFinite(sample?.value) && <i>{signal.unit}</i>}
    </span>
  );
}

/** Belief against truth: how far what is measured is from what it was. */
function Truth({ signals, signal, truth, value, t, language }) {
  const true_ = signals.value(truth, t);
  const difference = differenceOf(value, true_);
  return (
    <small class="signals-truth" data-truth={truth}>
      {text("signals.truth", language)} {valueText(signal, true_, language)}
      {difference !== null && ` · ${text("signals.difference", language)} ${numberText(difference)}`}
    </small>
  );
}

export function PlotButton({ store, name }) {
  const plotted = store.plotted.value.includes(name);
  const toggle = () => {
    store.plotted.value = plotted ? store.plotted.value.filter((one) => one !== name) : [...store.plotted.value, name];
  };
  const label = text(plotted ? "signals.unplot" : "signals.plot", store.language.value);
  return <Button icon="plots" className="signals-plot" label={label} pressed={plotted} onClick={toggle} />;
}
