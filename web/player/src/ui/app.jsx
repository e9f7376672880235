// The page's layout: header, the dock with the picture and its panels, timeline, transport.

import { useEffect, useMemo, useRef } from "preact/hooks";
import { handleKey, KEYS } from "../keys.js";
import { Bar } from "./dock/bar.jsx";
import { Dock } from "./dock/dock.js";
import { Header } from "./header.jsx";
import { Picture } from "./picture.jsx";
import { Timeline } from "./timeline/timeline.jsx";
import { Transport } from "./transport/transport.jsx";

/** The page of keys and the tour have the keyboard to themselves. */
const taken = () => document.querySelector("dialog[open]") !== null || document.body.classList.contains("driver-active");

export function App({ player }) {
  const { store } = player;
  const place = useRef(null);
  useMemo(() => {
    player.dock = new Dock(player, Picture);
    // What keys ask of the page; the components that can do it put it here.
    player.page = { askTime: () => {}, showKeys: () => {}, keys: KEYS.flatMap(({ entries }) => entries) };
  }, [player]);
  useEffect(() => player.dock.attach(place.current), [player]);
  useEffect(() => {
    const onKey = (event) => taken() || handleKey(event, player);
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [player]);
  return (
    <div class={`swaptwin ${store.theme.value}`} lang={store.language.value === "zh" ? "zh-CN" : "en"}>
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
