// The picture, and what must be said over it.

import { useEffect, useRef } from "preact/hooks";
import { activeAt } from "../lanes.js";
import { Stage } from "../scene/stage.js";
import { signalText, text } from "../texts.js";
import { ConnectionBanner } from "./connection/connection.jsx";
import { Legend } from "./legend/legend.jsx";
import { Messages } from "./messages/messages.jsx";
import { PartCard } from "./tools/card.jsx";
import { ToolBar } from "./tools/tools.jsx";

const LONG_PRESS_MS = 500;
const DRAG_PX = 5;

export function Picture({ player }) {
  const { store } = player;
  return (
    <main class="picture">
      <Canvas player={player} />
      <ToolBar player={player} />
      <PartCard player={player} />
      <Legend player={player} />
      <Alarms store={store} />
      <Messages store={store} />
      <ConnectionBanner store={store} />
    </main>
  );
}

function Canvas({ player }) {
  const place = useRef(null);
  useEffect(() => {
    if (Stage.supported()) player.attach(new Stage(place.current));
    else player.store.webgl.value = false;
    player.start();
    let request = 0;
    const frame = () => {
      request = requestAnimationFrame(frame);
      player.frame();
    };
    request = requestAnimationFrame(frame);
    return () => {
      cancelAnimationFrame(request);
      player.close();
    };
  }, []);
  useEffect(() => clicks(place.current, player), []);
  return <div class="canvas" ref={place} />;
}

/** Short presses without a drag are clicks; returns the way to stop listening. */
function clicks(element, player) {
  let pressed = null;
  const at = ({ clientX, clientY }) => {
    const { left, top } = element.getBoundingClientRect();
    return [clientX - left, clientY - top];
  };
  const down = (event) => (pressed = event.isPrimary && event.button === 0 ? { at: at(event), when: event.timeStamp } : null);
  const up = (event) => {
    if (!pressed || event.timeStamp - pressed.when > LONG_PRESS_MS) return;
    const [x, y] = at(event);
    if (Math.hypot(x - pressed.at[0], y - pressed.at[1]) < DRAG_PX) player.tools.click(x, y);
  };
  const double = () => !player.store.tool.value && player.tools.focus();
  const listeners = { pointerdown: down, pointerup: up, dblclick: double };
  for (const [name, listener] of Object.entries(listeners)) element.addEventListener(name, listener, { capture: true });
  return () => {
    for (const [name, listener] of Object.entries(listeners)) element.removeEventListener(name, listener, { capture: true });
  };
}

/** The alarms standing at the cursor. */
function Alarms({ store }) {
  const language = store.language.value;
  const standing = activeAt(store.lanes.value.alarms, store.t.value);
  if (!standing.length) return null;
  const tables = Object.values(store.manifest.value?.tables ?? {}).flat();
  return (
    <ul class="alarms" role="status">
      {standing.map((alarm) => (
        <li key={alarm.name} class={`alarm ${alarm.class}`}>
          {alarm.class && <b>{alarm.class}</b>}
          <span>{signalText(tables.find((signal) => signal.name === alarm.name), alarm.message || alarm.name, language)}</span>
          <code>{alarm.name}</code>
        </li>
      ))}
    </ul>
  );
}
