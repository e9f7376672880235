// What the picture's looks mean: how well it is known where things are, charge of the packs. And labels on or off.

import { STATES } from "../../known.js";
import { text } from "../../texts.js";
import "./legend.css";

export function Legend({ player }) {
  const { store } = player;
  const language = store.language.value;
  const doubts = store.doubts.value;
  const scale = store.manifest.value?.bindings?.charge;
  if (store.stage.value !== "ready" || (!scale && !doubts.length)) return null;
  return (
    <aside class="legend" aria-label={text("legend.title", language)}>
      {doubts.length > 0 && <Certainty doubts={doubts} language={language} />}
      {scale && <Charge scale={scale} store={store} language={language} />}
      <button class="legend-labels" aria-pressed={store.labelled.value} onClick={() => (store.labelled.value = !store.labelled.value)}>
        {text("legend.labels", language)}
      </button>
    </aside>
  );
}

/** Said once something of the record was not measured. */
function Certainty({ doubts, language }) {
  return (
    <div class="legend-known">
      <b>{text("legend.known", language)}</b>
      {[0, ...doubts].map((state) => (
        <small key={state} title={text(`known.${STATES[state]}.means`, language)}>
          <i class={`legend-state ${STATES[state]}`}>{STATES[state] === "unknown" && "?"}</i>
          {text(`known.${STATES[state]}`, language)}
        </small>
      ))}
    </div>
  );
}

function Charge({ scale, store, language }) {
  const sources = new Set(Object.values(store.charge.value).map(({ source }) => source));
  const stops = scale.scale.map(([soc, colour]) => `${colour} ${soc * 100}%`).join(", ");
  return (
    <div class="legend-charge">
      <b>{text("legend.charge", language)}</b>
      <span class="legend-scale">
        0 %<i style={{ background: `linear-gradient(to right, ${stops})` }} />
        100 %
      </span>
      {["truth", "measured"].map((source) => sources.has(source) && <small key={source}>{text(`legend.${source}`, language)}</small>)}
      {sources.has("unknown") && (
        <small>
          <i class="legend-unknown" style={{ background: scale.unknown }} />
          {text("legend.unknown", language)}
        </small>
      )}
    </div>
  );
}
