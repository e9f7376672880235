// Names of signals for the word at the cursor of a condition.

import { LANGUAGES, signalText, tagOf } from "../../texts.js";

const MOST = 8;
/** What a name, a log's own name or a text may be made of. */
const WORD = /[\w.*\u4e00-\u9fff`]+$/;

/** The word that ends at the cursor; empty when none does. */
export function wordAt(value, at) {
  return at < 0 ? "" : (value.slice(0, at).match(WORD)?.[0] ?? "");
}

/** Signals whose name, own name or text has what is being typed, those that begin with it first. */
export function offered(value, at, signals) {
  const word = wordAt(value, at).replace(/^`/, "").toLowerCase();
  if (word.length < 2) return [];
  const found = [];
  for (const signal of signals) {
    if (signal.name === word) return [];
    const all = [signal.name, tagOf(signal) ?? "", ...LANGUAGES.map((language) => signalText(signal, "", language))].map((one) => one.toLowerCase());
    if (all.some((one) => one.includes(word))) found.push([all.some((one) => one.startsWith(word)) ? 0 : 1, signal]);
  }
  return found.sort((a, b) => a[0] - b[0]).slice(0, MOST).map(([, signal]) => signal);
}

/** The condition with the word at the cursor made a name, and where the cursor is then. */
export function completed(value, at, name) {
  const from = at - wordAt(value, at).length;
  const rest = value.slice(at);
  return { value: `${value.slice(0, from)}${name}${rest || " "}`, at: from + name.length + (rest ? 0 : 1) };
}
