// Every key of the page: the table that handles them is the one the page of keys shows.

import { SPEEDS } from "./clock.js";
import { PANELS } from "./ui/panels.js";

const SKIP_NS = 5e9;
const VIEW_KEYS = 6;

const faster = (player, direction) => {
  const speeds = direction > 0 ? SPEEDS : [...SPEEDS].reverse();
  const next = speeds.find((speed) => (speed - player.clock.speed) * direction > 1e-9);
  if (next) player.setSpeed(next);
};

/** Groups of {id, keys, does(player)}; the word of each is `key.<id>`, or `word` where it has another. */
export const KEYS = [
  {
    group: "play",
    entries: [
      { id: "play", keys: [" "], does: (player) => player.toggle() },
      { id: "step_back", keys: ["ArrowLeft"], does: (player) => player.step(-1) },
      { id: "step_forward", keys: ["ArrowRight"], does: (player) => player.step(1) },
      { id: "skip_back", keys: ["Shift+ArrowLeft"], does: (player) => player.seek(player.clock.t - SKIP_NS) },
      { id: "skip_forward", keys: ["Shift+ArrowRight"], does: (player) => player.seek(player.clock.t + SKIP_NS) },
      { id: "start", keys: ["Home"], does: (player) => player.seek(player.clock.start) },
      { id: "end", keys: ["End"], does: (player) => player.seek(player.clock.end) },
      { id: "slower", keys: ["<"], does: (player) => faster(player, -1) },
      { id: "faster", keys: [">"], does: (player) => faster(player, 1) },
      { id: "loop", keys: ["b"], does: (player) => player.loop() },
    ],
  },
  {
    group: "time",
    entries: [
      { id: "previous_event", keys: [","], does: (player) => player.jump(-1) },
      { id: "next_event", keys: ["."], does: (player) => player.jump(1) },
      { id: "alarms_only", keys: ["j"], does: ({ store }) => (store.alarmsOnly.value = !store.alarmsOnly.value) },
      { id: "previous_hit", keys: ["["], does: (player) => player.jumpHit(-1) },
      { id: "next_hit", keys: ["]"], does: (player) => player.jumpHit(1) },
      { id: "go_to", keys: ["g"], does: (player) => player.page.askTime() },
      { id: "wall", keys: ["w"], does: ({ store }) => (store.wall.value = !store.wall.value) },
      { id: "zoom_in", keys: ["+", "="], does: (player) => player.range.zoom(0.5, player.clock.t) },
      { id: "zoom_out", keys: ["-"], does: (player) => player.range.zoom(2, player.clock.t) },
      { id: "fit", keys: ["0"], does: (player) => player.range.fit() },
    ],
  },
  {
    group: "camera",
    entries: [
      ...Array.from({ length: VIEW_KEYS }, (_, i) => ({
        id: `view_${i + 1}`,
        keys: [String(i + 1)],
        wordOf: (store) => store.views.value[i] && `view.${store.views.value[i]}`,
        does: (player) => player.store.views.value[i] && player.look(player.store.views.value[i]),
      })),
      { id: "follow", keys: ["f"], does: (player) => player.tools.toggleFollow() },
      { id: "focus", keys: ["z"], does: (player) => player.tools.focus() },
    ],
  },
  {
    group: "parts",
    entries: [
      { id: "hide", keys: ["h"], does: (player) => player.tools.flipSelected("hidden") },
      { id: "ghost", keys: ["x"], does: (player) => player.tools.flipSelected("ghosted") },
      { id: "show_all", keys: ["a"], does: (player) => player.tools.showAll() },
      { id: "labels", keys: ["n"], does: ({ store }) => (store.labelled.value = !store.labelled.value) },
    ],
  },
  {
    group: "tools",
    entries: [
      { id: "measure", keys: ["m"], does: (player) => player.tools.toggle("measure") },
      { id: "section", keys: ["c"], does: (player) => player.tools.toggle("section") },
      { id: "link", keys: ["y"], does: (player) => navigator.clipboard?.writeText(player.link()) },
      { id: "save", keys: ["s"], does: (player) => player.tools.savePicture() },
      { id: "escape", keys: ["Escape"], does: (player) => player.tools.escape() },
    ],
  },
  {
    group: "panels",
    entries: PANELS.filter(({ key }) => key).map(({ id, key, when }) => ({
      id: `panel_${id}`,
      keys: [key],
      wordOf: () => `panel.${id}`,
      does: (player) => (!when || when(player.store)) && player.dock.toggle(id),
    })),
  },
  {
    group: "page",
    entries: [
      { id: "reset", keys: ["r"], does: (player) => player.dock.reset() },
      { id: "language", keys: ["l"], does: ({ store }) => (store.language.value = store.language.value === "en" ? "zh" : "en") },
      { id: "theme", keys: ["t"], does: ({ store }) => (store.theme.value = store.theme.value === "light" ? "dark" : "light") },
      { id: "keys", keys: ["?"], does: (player) => player.page.showKeys() },
    ],
  },
];

const ALL = KEYS.flatMap(({ entries }) => entries);

/** A key as the table spells it: letters without case, named keys with Shift where it is held. */
export function spelled({ key, shiftKey }) {
  if (key.length === 1) return key.toLowerCase();
  return shiftKey ? `Shift+${key}` : key;
}

/** Keys that an element uses itself. */
function own(element, key) {
  const name = element?.tagName;
  if (name === "TEXTAREA" || name === "SELECT" || element?.isContentEditable) return true;
  if (name === "INPUT") return element.type !== "range" && element.type !== "checkbox" ? true : /Arrow|Home|End| /.test(key);
  if (name === "BUTTON" || name === "SUMMARY") return key === " ";
  return false;
}

/** Do what a key press is for; true when it was for something. */
export function handleKey(event, player) {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return false;
  const key = spelled(event);
  const entry = ALL.find(({ keys }) => keys.includes(key));
  if (!entry || own(event.target, key)) return false;
  event.preventDefault();
  entry.does(player);
  return true;
}

/** What an entry is called, as a word's key; undefined for a camera that this record does not have. */
export function wordOf(entry, store) {
  return entry.wordOf ? entry.wordOf(store) : `key.${entry.id}`;
}
