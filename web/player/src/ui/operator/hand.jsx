// Moving by hand: each axis with two buttons that must be held, and the speed that they ask for.

import { useState } from "preact/hooks";
import { HELD_UP_TO_SPEED } from "../../operator.js";
import { text } from "../../texts.js";
import { numberText } from "../../values.js";
import { Held } from "./button.jsx";
import { Groups } from "./run_page.jsx";
import { useValues } from "./use_values.js";

export function Hand(shared) {
  const { player, panel, live, language } = shared;
  const { jog } = panel;
  const [frac, setFrac] = useState(jog.speeds_frac[0]);
  const value = useValues(player, jog.axes.map(({ position }) => position));
  const pace = player.store.pace.value;
  const fast = live && (pace === null || pace > HELD_UP_TO_SPEED);
  return (
    <>
      {fast && <p class="operator-refused">{text("operator.jog.fast", language)}</p>}
      <div class="operator-modes" role="group" aria-label={text("operator.jog.speed", language)}>
        {jog.speeds_frac.map((speed) => (
          <button key={speed} type="button" class="operator-button" aria-pressed={speed === frac} onClick={() => setFrac(speed)}>
            {Math.round(speed * 100)} %
          </button>
        ))}
      </div>
      <p class="operator-note">{text("operator.jog.hold", language)}</p>
      <div class="operator-axes">
        {jog.axes.map((axis) => {
          const held = (sign, side) => (
            <Held
              {...shared}
              name={`${axis.axis}.${side}`}
              look="plain"
              label={axis[side][language]}
              request={{ [jog.axis]: axis.axis, [jog.speed]: sign * frac }}
              released={{ [jog.axis]: "none", [jog.speed]: 0 }}
              shown={[jog.axis, axis.axis]}
              key={`${side}${frac}`}
            />
          );
          const at = value(axis.position);
          return (
            <div class="operator-axis" key={axis.axis}>
              <span>
                <b>{axis.text[language]}</b>
                <output>
                  {at === undefined ? "…" : numberText(at)} {player.signals.known.get(axis.position)?.unit}
                </output>
              </span>
              {held(-1, "minus")}
              {held(1, "plus")}
            </div>
          );
        })}
      </div>
      <Groups {...shared} page="hand" />
    </>
  );
}
