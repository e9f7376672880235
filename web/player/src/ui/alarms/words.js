// What an event is called, and how long it lasted.

import { nameText, signalText, text, timeText } from "../../texts.js";
import { valueText } from "../../values.js";

/** A sentence for an entry of the list, in one language. */
export function entryText(entry, catalogue, language) {
  if (entry.kind === "data") return findingText(entry, catalogue, language);
  const { kind, name, data } = entry;
  const asked = data.set ?? data.operator?.set;
  if (kind === "alarm") return alarmText(entry, catalogue, language);
  if (kind === "operator" && asked) return Object.entries(asked).map(([field, value]) => requestText(field, value, catalogue, language)).join(", ");
  return data.clear ? `${nameText(name, language)} ${text("alarms.ended", language)}` : nameText(name, language);
}

/** The signal of an alarm, the device a fault is in, the tags of a finding: what the record calls it; empty for anything else. */
export const placeOf = ({ kind, name, data }) => (kind === "alarm" ? name : kind === "data" ? sourceOf(data) : ((data.fault ?? data.clear)?.target ?? ""));

/** A finding: what it is and of what, the tag by its text where the record has one. */
export function findingText({ data, members }, catalogue, language) {
  const words = `${text(`data.${data.finding}`, language)} ${signalText(catalogue?.sources.get(data.subject), data.subject, language)}`;
  const more = members?.length > 1 ? ` +${members.length - 1}` : "";
  return `${words}${more}${data.more ? text("alarms.and_more", language) : ""}`;
}

/** The tags that a finding is about, as their source calls them. */
const sourceOf = ({ subject = "", tags = [] }) => (tags.length ? `${subject}: ${tags.join(", ")}` : subject);

/** What was asked for: a value, or the label of one. */
function requestText(field, value, catalogue, language) {
  const signal = catalogue.signals.get(field) ?? catalogue.requests.get(field.split(".").pop());
  const words = typeof value === "string" ? nameText(value, language) : signal ? valueText(signal, Number(value), language) : String(value);
  return `${signalText(signal, field, language)}: ${words}`;
}

/** What an alarm says; its class, which some records repeat in its text, is shown beside it. */
export function alarmText(entry, catalogue, language) {
  const words = signalText(catalogue?.signals.get(entry.name), entry.message || entry.name, language);
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
