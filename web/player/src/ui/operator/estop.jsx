// The emergency stop, as the hard-wired button it stands for: it latches, works in every mode, and is released by turning.

import { useRef } from "preact/hooks";
import { text } from "../../texts.js";
import { useValues } from "./use_values.js";

export function EmergencyStop({ player, panel, desk, can, language }) {
  const { signal, chain } = panel.estop;
  const live = can(signal);
  const value = useValues(player, [signal, chain]);
  const pressed = value(signal) === 1;
  const open = value(chain) === 0;
  // Pressed as soon as it is touched; the click that follows must not release it.
  const touched = useRef(false);
  const onPointerDown = (event) => {
    if (!live || pressed || event.button !== 0) return;
    touched.current = true;
    desk.set(signal, true);
  };
  const onClick = () => {
    if (touched.current) touched.current = false;
    else desk.set(signal, !pressed);
  };
  const said = pressed ? "operator.estop.pressed" : open ? "operator.estop.open" : "operator.estop.ready";
  return (
    <div class="operator-estop">
      <button
        type="button"
        class={pressed ? "pressed" : ""}
        aria-pressed={pressed}
        aria-label={panel.estop.text[language]}
        title={text(pressed ? "operator.estop.release" : "operator.estop.press", language)}
        data-signal={signal}
        disabled={!live}
        onPointerDown={onPointerDown}
        onClick={onClick}
      >
        <i aria-hidden="true" />
      </button>
      <div>
        <b>{panel.estop.text[language]}</b>
        <small class={pressed || open ? "open" : ""}>{text(said, language)}</small>
      </div>
    </div>
  );
}
