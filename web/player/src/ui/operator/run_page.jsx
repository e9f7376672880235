// Running: the mode selector and the buttons.

import { text } from "../../texts.js";
import { PanelButton } from "./button.jsx";
import { useValues } from "./use_values.js";

export function RunPage(shared) {
  return (
    <>
      <Modes {...shared} />
      <Groups {...shared} page="run" />
    </>
  );
}

export function Groups({ page, ...shared }) {
  const { panel, language } = shared;
  return panel.groups
    .filter((group) => group.page === page)
    .map((group) => (
      <fieldset key={group.text.en} class="operator-group">
        <legend>{group.text[language]}</legend>
        <div class="operator-buttons">
          {group.buttons.map((button) => (
            <PanelButton key={button.signal} {...shared} button={button} />
          ))}
        </div>
      </fieldset>
    ));
}

/** The selector: where it stands is what is asked for; what is in force is told beside the state. */
function Modes({ player, panel, desk, can, language }) {
  const { signal, labels } = panel.modes;
  const value = useValues(player, [signal])(signal);
  const asked = player.signals.known.get(signal)?.labels?.[String(value)];
  return (
    <fieldset class="operator-group">
      <legend>{text("operator.mode", language)}</legend>
      <div class="operator-modes">
        {Object.entries(labels).map(([label, words]) => (
          <button
            key={label}
            type="button"
            class="operator-button"
            data-mode={label}
            aria-pressed={label === asked}
            disabled={!can(signal)}
            onClick={() => desk.set(signal, label)}
          >
            {words[language]}
          </button>
        ))}
      </div>
    </fieldset>
  );
}
