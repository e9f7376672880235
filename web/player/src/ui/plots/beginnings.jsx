// What is shown while nothing is plotted: sets of signals that this record has.

import { text } from "../../texts.js";

/** Sets to begin with, from what the record holds: none is offered that it has not. */
function setsOf(catalogue) {
  const all = [...catalogue.signals.values()];
  const named = (pattern) => all.filter(({ name }) => pattern.test(name)).map(({ name }) => name);
  return {
    positions: named(/^[^.]+\.[^.]+\.pv_position_(m|rad)$/),
    states: named(/\.unit\.seq_(phase|state|mode)$/),
    truth: [...catalogue.truths].flat(),
  };
}

export function Beginnings({ store, catalogue }) {
  const language = store.language.value;
  const sets = Object.entries(setsOf(catalogue)).filter(([, names]) => names.length);
  return (
    <div class="plots plots-none">
      <p>
        <b>{text("plots.empty", language)}</b> {sets.length > 0 && text("plots.empty.hint", language)}
      </p>
      <div class="plots-sets">
        {sets.map(([key, names]) => (
          <button key={key} type="button" class="button text" onClick={() => (store.plotted.value = names)}>
            {text(`plots.start.${key}`, language)}
          </button>
        ))}
      </div>
    </div>
  );
}
