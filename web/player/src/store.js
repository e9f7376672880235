// What this person sees and chose: it lives here, in this browser, and nowhere else.

import { computed, effect, signal } from "@preact/signals";
import { lanesOf } from "./lanes.js";
import { LANGUAGES } from "./texts.js";

const REMEMBERED = "swaptwin.choices";

const isBoolean = (value) => typeof value === "boolean";

function remembered(storage) {
  try {
    return JSON.parse(storage?.getItem(REMEMBERED) ?? "{}") ?? {};
  } catch {
    return {};
  }
}

/** The choices and the state shown, each a signal that panels follow. */
export function createStore({ storage = null, language = "en" } = {}) {
  const before = remembered(storage);
  const kept = {};
  /** A choice that this browser remembers; what it remembers and is not `valid` (any more) is the initial value. */
  const choice = (name, initial, valid) => {
    kept[name] = signal(name in before && valid(before[name]) ? before[name] : initial);
    return kept[name];
  };
  const store = {
    language: choice("language", language, (value) => LANGUAGES.includes(value)),
    theme: choice("theme", "light", (value) => ["light", "dark"].includes(value)),
    // The dock's own description of where its panels are; null is the layout to begin with.
    layout: choice("layout", null, (value) => typeof value === "object"),
    // Whether parts are named in the picture.
    labelled: choice("labelled", true, isBoolean),
    // Whether times are shown by the wall clock, and whether jumping stops at alarms alone.
    wall: choice("wall", false, isBoolean),
    alarmsOnly: choice("alarmsOnly", false, isBoolean),
    // Whose lock this person hangs on isolators: a lock's field, "op_lock1"; empty is the first.
    person: choice("person", "", (value) => typeof value === "string"),
    // Whether the tour was taken, or declined.
    toured: choice("toured", false, isBoolean),
    // Whether the page was opened by a link to an instant: who follows one wants to see that.
    linked: signal(false),
    logs: signal([]),
    manifest: signal(null),
    events: signal([]),
    views: signal([]),
    // loading, waiting, scene, ready, ended, failed, no_logs
    stage: signal("loading"),
    // Bytes of the scene that are here, and of all of it.
    progress: signal(null),
    damage: signal([]),
    error: signal(""),
    // Why the file cannot be read at all: empty_file, other_file, other_profile, other_version, cut_early.
    unreadable: signal(""),
    webgl: signal(true),
    // The server: open, lost (being tried again), refused (started anew, with another secret).
    connection: signal("open"),
    // Ids of the panels that are open.
    panels: signal([]),
    // The parts of the picture: {id, name, frame, area}.
    parts: signal([]),
    // {frame, part} clicked in the picture or chosen in a list, or null.
    selection: signal(null),
    // Names of the signals to be plotted, and those of each station as they were left.
    plotted: signal([]),
    plottedAt: choice("plotted", {}, (value) => value !== null && typeof value === "object"),
    // Ids of parts that are not drawn, or drawn transparent.
    hidden: signal(new Set()),
    ghosted: signal(new Set()),
    // The tool in hand: "measure", "section" or null; the section {axis, at} or null;
    // what the camera goes along with: a view that follows, "selected" or null.
    tool: signal(null),
    section: signal(null),
    followed: signal(null),
    // The stretch played over and over: {from, to}, `to` null while only its start is marked; or null.
    loop: signal(null),
    // Whether a page of a stretch is being made.
    saving: signal(false),
    // The cursor, rewritten at most some ten times a second for what is drawn as text.
    t: signal(0),
    end: signal(0),
    start: signal(0),
    zero: signal(0),
    playing: signal(false),
    speed: signal(1),
    following: signal(false),
    growing: signal(false),
    pace: signal(1),
    // Values of the signals in the header at the cursor.
    shown: signal({}),
    // Kinds of findings about the data that nobody wants to see on the timeline and in the list of events.
    // Whether there is a server that searches and compares.
    asks: signal(false),
    // Notes on this log: [{id, start_ns, end_ns, text, made_at}], and why they cannot be had.
    notes: signal([]),
    notesError: signal(""),
    // The other log beside this one: {id, title, state: "working" | "ready" | "failed", found, error}; null is none.
    compared: signal(null),
    // What may be changed where this log goes on otherwise: {controllers, settings, events, faults}; null where it cannot.
    branching: signal(null),
    // The lesson that was cut from this log: {state: "working" | "ready" | "failed", file, text, told, open, nearest_ns, error}.
    cut: signal(null),
    // The lesson that goes on, as the server tells it (twin/teaching/told.py), and why something was refused; null is none.
    lesson: signal(null),
    lessonError: signal(""),
    // The last branch: {state: "working" | "ready" | "failed", id, told, error}; null is none.
    branched: signal(null),
    // Why it stopped: {state: "working" | "ready" | "failed", told (null: no stop), error}; null was not asked.
    explained: signal(null),
    // What was looked for: {condition, state, count, unknown_s, hits: [{start, end}], error}; null is nothing.
    searched: signal(null),
    muted: signal(new Set()),
    // States other than measured that parts of this record were seen in so far: codes of known.js.
    doubts: signal([]),
    // The window of poses that the picture was drawn from last (chunk.js).
    window: signal(null),
    // Charge of the packs at the cursor: serial → {frac, source}; source truth, measured or unknown.
    charge: signal({}),
  };
  // What a validation found in this stretch, where the page was made for it, in the order of time.
  store.judged = computed(() => judgedIn(store.manifest.value));
  // What stands out on the timeline and is jumped to: hits of a search, else what a validation found.
  store.marked = computed(() => store.searched.value?.hits ?? store.judged.value);
  store.lanes = computed(() => lanesOf(store.events.value, store.muted.value));
  const stopKeeping = effect(() => {
    const names = store.plotted.value;
    if (store.manifest.peek()) store.plottedAt.value = { ...store.plottedAt.peek(), [stationOf(store.manifest.peek())]: names };
  });
  const stopStoring = effect(() => {
    const choices = Object.fromEntries(Object.entries(kept).map(([name, { value }]) => [name, value]));
    try {
      storage?.setItem(REMEMBERED, JSON.stringify(choices));
    } catch {
      // a browser that keeps nothing still shows everything
    }
  });
  store.stopRemembering = () => [stopKeeping, stopStoring].forEach((stop) => stop());
  return store;
}

/** Findings of a page that a validation made, {start, end, text, …}, times in ns. */
const judgedIn = (manifest) =>
  (manifest?.extras?.validation?.findings ?? [])
    .map((finding) => ({ ...finding, start: finding.t_ns, end: finding.end_ns ?? finding.t_ns }))
    .sort((a, b) => a.start - b.start);

/** The station of a record: what one person plots there is remembered under its name. */
export const stationOf = (manifest) => manifest.metadata.station ?? "";

/** Which kind of record this is. */
export function badgeOf(manifest, growing) {
  const source = manifest?.metadata?.source;
  if (source === "imported") return manifest.metadata.synthetic === "true" ? "synthetic" : "real";
  if (source !== "simulated") return "unknown";
  return growing ? "live" : "simulated";
}
