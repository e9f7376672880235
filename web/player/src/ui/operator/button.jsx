// A button of the panel: pressed and let go, working as long as it is held, or a switch.

import { useEffect, useRef, useState } from "preact/hooks";
import { useValues } from "./use_values.js";

export function PanelButton({ button, ...shared }) {
  const { look, works } = button;
  const props = { ...shared, name: button.signal, look, label: button.text[shared.language] };
  if (works === "hold") return <Held {...props} request={{ [button.signal]: true }} released={{ [button.signal]: false }} />;
  if (works === "switch") return <Switch {...props} />;
  return <Press {...props} lamp={button.lamp} />;
}

function Press({ player, desk, can, name, look, label, lamp }) {
  const value = useValues(player, lamp ? [name, lamp] : [name]);
  const lit = Boolean(lamp) && value(lamp) === 1;
  const down = value(name) === 1;
  return (
    <button
      type="button"
      class={`operator-button ${look} ${lit ? "lit" : ""} ${down ? "down" : ""}`}
      data-signal={name}
      title={name}
      disabled={!can(name)}
      onClick={() => desk.press(name)}
    >
      {label}
    </button>
  );
}

function Switch({ player, desk, can, name, look, label }) {
  const on = useValues(player, [name])(name) === 1;
  return (
    <button
      type="button"
      class={`operator-button switch ${look}`}
      data-signal={name}
      title={name}
      aria-pressed={on}
      disabled={!can(name)}
      onClick={() => desk.set(name, !on)}
    >
      {label}
    </button>
  );
}

const PRESSES = new Set([" ", "Enter"]);

/** A dead-man's switch: let go when the finger, the key, the focus or the page goes. */
export function Held({ desk, can, name, look, label, request, released, shown }) {
  const live = Object.keys(request).every(can);
  const stop = useRef(null);
  const [held, setHeld] = useState(false);
  const begin = () => {
    if (stop.current || !live) return;
    stop.current = desk.hold(request, released, { shown, lost: () => setHeld(false) });
    setHeld(true);
  };
  const end = () => {
    stop.current?.();
    stop.current = null;
    setHeld(false);
  };
  useEffect(() => {
    const hidden = () => document.hidden && end();
    document.addEventListener("visibilitychange", hidden);
    window.addEventListener("blur", end);
    return () => {
      document.removeEventListener("visibilitychange", hidden);
      window.removeEventListener("blur", end);
      end();
    };
  }, []);
  const onPointerDown = (event) => {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    begin();
  };
  const onKeyDown = (event) => {
    if (!PRESSES.has(event.key)) return;
    event.preventDefault();
    if (!event.repeat) begin();
  };
  return (
    <button
      type="button"
      class={`operator-button hold ${look} ${held ? "down" : ""}`}
      data-signal={name}
      title={name}
      aria-pressed={held}
      disabled={!live}
      onPointerDown={onPointerDown}
      onPointerUp={end}
      onPointerCancel={end}
      onLostPointerCapture={end}
      onContextMenu={(event) => event.preventDefault()}
      onKeyDown={onKeyDown}
      onKeyUp={end}
      onBlur={end}
    >
      {label}
    </button>
  );
}
