// What an event is called, and how long it lasted.

import { nameText, signalText, text, timeText } from "../../texts.js";
import { valueText } from "../../values.js";

/** A sentence for an entry of the list, in one language. */
export function entryText(entry, catalogue, language) {
  if (entry.kind === "alarm") return alarmText(entry, catalogue, language);
  if (entry.kind === "operator" && entry.data.set) {
    const asked = Object.entries(entry.data.set).map(([name, value]) => {
      const signal = catalogue.signals.get(name.includes(".") ? name : `operator.panel.${name}`);
      return `${signalText(signal, name, language)}: ${signal ? valueText(signal, Number(value), language) : String(value)}`;
    });
    return asked.join(", ");
  }
  return nameText(entry.name, language);
}

/** What an alarm says; its class, which some records repeat in its text, is shown beside it. */
export function alarmText(entry, catalogue, language) {
  const words = signalText(catalogue.signals.get(entry.name), entry.name, language);
  return entry.class ? words.replace(` [${entry.class}]`, "") : words;
}

/** 3.2 s or 1:03.2, or that it has not ended. */
export function lastedText(entry, language) {
  if (entry.end === undefined) return "";
  if (entry.end === null) return text("alarms.standing", language);
  const seconds = (entry.end - entry.start) / 1e9;
  if (seconds < 60) return `${seconds.toFixed(seconds < 10 ? 2 : 1)} s`;
  return timeText(entry.end - entry.start);
}
