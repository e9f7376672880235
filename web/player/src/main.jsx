// Ways in: a Vue component for trame's page, data that came with the page, and `mount` for anything else.

import { render } from "preact";
import { Player } from "./player.js";
import { EmbeddedSource, partsOfPage } from "./source/embedded.js";
import { TrameSource } from "./source/trame.js";
import { createStore } from "./store.js";
import { App } from "./ui/app.jsx";
import "./style.css";

/** Put the player into `element`; returns the way to take it out again. */
export function mount(element, source) {
  const language = navigator.language?.toLowerCase().startsWith("zh") ? "zh" : "en";
  const player = new Player(source, createStore({ storage: browserStorage(), language }));
  render(<App player={player} />, element);
  // For tests and measurements: what is drawn can be asked, nothing is steered through this.
  window.swaptwin_player = player;
  return () => render(null, element);
}

/** The player of a page that holds its own data, in place of what stands in `element`. */
export function mountEmbedded(element) {
  if (typeof DecompressionStream !== "function") {
    element.textContent = "This page needs a browser of 2023 or newer. 本页需要 2023 年或更新的浏览器。";
    return;
  }
  element.textContent = "";
  mount(element, new EmbeddedSource(partsOfPage()));
}

function browserStorage() {
  try {
    return window.localStorage;
  } catch {
    return null;
  }
}

/** Vue plugin: trame calls it for `vue_use`. */
export function install(app) {
  app.component("swaptwin-player", {
    template: "<i hidden></i>",
    inject: ["trame"],
    mounted() {
      // Beside trame's own tree: when the server is lost trame takes its page down, the player stays.
      if (document.querySelector(".swaptwin-place")) return;
      const place = document.body.appendChild(document.createElement("div"));
      place.className = "swaptwin-place";
      document.querySelector("#app").style.display = "none";
      mount(place, new TrameSource(this.trame.client.getConnection()));
    },
  });
}

export { EmbeddedSource, TrameSource };
