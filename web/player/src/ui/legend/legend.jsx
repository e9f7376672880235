// What the picture's colours mean: charge of the packs and where it is known from. And labels on or off.

import { text } from "../../texts.js";
import "./legend.css";

export function Legend({ player }) {
  const { store } = player;
  const language = store.language.value;
  const scale = store.manifest.value?.bindings?.charge;
  if (store.stage.value !== "ready" || !scale) return null;
  const sources = new Set(Object.values(store.charge.value).map(({ source }) => source));
  const stops = scale.scale.map(([soc, colour]) => `${colour} ${soc * 100}%`).join(", ");
  return (
    <aside class="legend" aria-label={text("legend.title", language)}>
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
      <button class="legend-labels" aria-pressed={store.labelled.value} onClick={() => (store.labelled.value = !store.labelled.value)}>
        {text("legend.labels", language)}
      </button>
    </aside>
  );
}
