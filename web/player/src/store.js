// What this person sees and chose: it lives here, in this browser, and nowhere else.

import { signal } from "@preact/signals";
import { LANGUAGES } from "./texts.js";

const REMEMBERED = "swaptwin.choices";

function remembered(storage) {
  try {
    return JSON.parse(storage?.getItem(REMEMBERED) ?? "{}") ?? {};
  } catch {
    return {};
  }
}

/** The choices and the state shown, each a signal that panels follow. */
export function createStore({ storage = null, language = "en" } = {}) {
  const kept = remembered(storage);
  const store = {
    language: signal(LANGUAGES.includes(kept.language) ? kept.language : language),
    theme: signal(kept.theme === "dark" ? "dark" : "light"),
    // Whether parts are named in the picture.
    labelled: signal(kept.labelled !== false),
    logs: signal([]),
    manifest: signal(null),
    events: signal([]),
    views: signal([]),
    // loading, waiting, scene, ready, ended, failed, no_logs
    stage: signal("loading"),
    damage: signal([]),
    error: signal(""),
    webgl: signal(true),
    // The server: open, lost (being tried again), refused (started anew, with another secret).
    connection: signal("open"),
    // The cursor, rewritten at most some ten times a second for what is drawn as text.
    t: signal(0),
    end: signal(0),
    start: signal(0),
    playing: signal(false),
    speed: signal(1),
    following: signal(false),
    growing: signal(false),
    pace: signal(1),
    // Values of the signals in the header at the cursor.
    shown: signal({}),
    // Charge of the packs at the cursor: serial → {frac, source}; source truth, measured or unknown.
    charge: signal({}),
  };
  store.remember = () => {
    try {
      storage?.setItem(REMEMBERED, JSON.stringify({ language: store.language.value, theme: store.theme.value, labelled: store.labelled.value }));
    } catch {
      // a browser that keeps nothing still shows everything
    }
  };
  return store;
}

/** Which of the three kinds of record this is. */
export function badgeOf(manifest, growing) {
  if (manifest?.metadata?.source === "imported") return "real";
  return growing ? "live" : "simulated";
}
