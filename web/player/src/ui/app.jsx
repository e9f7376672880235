// The page's layout: header, the dock with the picture and its panels, timeline, transport.

import { useEffect, useMemo, useRef } from "preact/hooks";
import { Bar } from "./dock/bar.jsx";
import { Dock } from "./dock/dock.js";
import { Header } from "./header.jsx";
import { Picture } from "./picture.jsx";
import { Timeline } from "./timeline.jsx";
import { Transport } from "./transport.jsx";

export function App({ player }) {
  const { store } = player;
  const place = useRef(null);
  player.dock = useMemo(() => new Dock(player, Picture), [player]);
  useEffect(() => player.dock.attach(place.current), [player]);
  return (
    <div class={`swaptwin ${store.theme.value}`} lang={store.language.value === "zh" ? "zh-CN" : "en"} tabIndex={-1} onKeyDown={(event) => onKey(event, player)}>
      <Header player={player} />
      <div class="desk">
        <Bar player={player} />
        <div class="dock" ref={place} />
      </div>
      <footer class="footer">
        <Timeline player={player} />
        <Transport player={player} />
      </footer>
    </div>
  );
}

function onKey(event, player) {
  if (["INPUT", "SELECT", "TEXTAREA"].includes(event.target.tagName) || event.ctrlKey || event.metaKey) return;
  const onButton = event.target.tagName === "BUTTON";
  const actions = {
    " ": onButton ? null : () => player.toggle(),
    ArrowLeft: () => player.step(-1),
    ArrowRight: () => player.step(1),
    Home: () => player.seek(player.clock.start),
    End: () => player.seek(player.clock.end),
  };
  const action = actions[event.key];
  if (!action) return;
  event.preventDefault();
  action();
}
