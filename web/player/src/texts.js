// Every word on the page, in both languages. Words of a record (signals, alarms) come with the record.

import about from "./words/about.js";
import alarms from "./words/alarms.js";
import branch from "./words/branch.js";
import cut from "./words/cut.js";
import compare from "./words/compare.js";
import connection from "./words/connection.js";
import findings from "./words/findings.js";
import inspector from "./words/inspector.js";
import keys from "./words/keys.js";
import lesson from "./words/lesson.js";
import missing from "./words/missing.js";
import NAMES from "./words/names.js";
import operator from "./words/operator.js";
import page from "./words/page.js";
import panels from "./words/panels.js";
import parts from "./words/parts.js";
import picture from "./words/picture.js";
import plots from "./words/plots.js";
import signals from "./words/signals.js";
import time from "./words/time.js";
import tools from "./words/tools.js";
import tour from "./words/tour.js";
import validation from "./words/validation.js";
import why from "./words/why.js";

/** One table of all areas' words; a key that two of them use is a mistake of this program. */
function joined(...areas) {
  const words = {};
  for (const area of areas) {
    for (const [key, pair] of Object.entries(area)) {
      if (words[key]) throw new Error(`two texts for ${key}`);
      words[key] = pair;
    }
  }
  return words;
}

const WORDS = joined(
  about,
  alarms,
  branch,
  cut,
  compare,
  connection,
  findings,
  inspector,
  keys,
  lesson,
  missing,
  operator,
  page,
  panels,
  parts,
  picture,
  plots,
  signals,
  time,
  tools,
  tour,
  validation,
  why,
);

export const LANGUAGES = ["en", "zh"];

const pick = (pair, language) => pair[Math.max(LANGUAGES.indexOf(language), 0)];

/** A word of the page. An unknown key is a mistake of this program. */
export function text(key, language) {
  if (!WORDS[key]) throw new Error(`no text for ${key}`);
  return pick(WORDS[key], language);
}

/** Whether the page has a word for a key that a record has made up. */
export const hasText = (key) => key in WORDS;

/** A phase, state or mode as a record names it; one that nobody translated is shown as it is. */
export function nameText(name, language) {
  return NAMES[name] ? pick(NAMES[name], language) : name;
}

/** A parameter of an asset, by the last word of its key; one that nobody named is shown as it is. */
export function parameterText(key, language) {
  const last = key.split(".").pop();
  const pair = WORDS[`parameter.${last}`];
  return pair ? pick(pair, language) : last;
}

/** What a signal (or an alarm's tag) is, in words of the record; else what its log called it, else its name. */
export function signalText(signal, name, language) {
  return signal?.text?.[language] ?? signal?.text?.en ?? tagOf(signal) ?? name;
}

/** What the log that a signal came from called it, without the stream it was in. */
export function tagOf(signal) {
  return signal?.source && signal.source.slice(signal.source.indexOf("/") + 1);
}

/** Seconds since the start as m:ss.s, or h:mm:ss.s. */
export function timeText(ns) {
  const tenths = Math.floor(Math.max(ns, 0) / 1e8);
  const s = (tenths % 600) / 10;
  const minutes = Math.floor(tenths / 600);
  const seconds = s.toFixed(1).padStart(4, "0");
  if (minutes < 60) return `${minutes}:${seconds}`;
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}:${seconds}`;
}

export { WORDS, NAMES };
