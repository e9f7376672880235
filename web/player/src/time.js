// Times as people write them: since the start of the record, or the wall clock of where it was made.

import { timeText } from "./texts.js";

const DAY_MS = 86_400_000;
const NS_PER_MS = 1e6;
const SECONDS = /^\d+(\.\d+)?$/;
const CLOCK = /^(?:(\d+):)?(\d{1,2}):(\d{1,2}(?:\.\d+)?)$/;
const DATE = /^(\d{4})-(\d{1,2})-(\d{1,2})[ T]+(\d{1,2}):(\d{2})(?::(\d{2}(?:\.\d+)?))?\s*(Z|[+-]\d{2}:?\d{2})?$/i;

/** Wall clock of the record's first instant, ms since 1970; null where the record does not say. */
export function startOf(manifest) {
  const ms = Date.parse(manifest?.metadata?.started_at ?? "");
  return Number.isFinite(ms) ? ms : null;
}

const two = (number) => String(number).padStart(2, "0");

/** "UTC+02:00": the zone of this browser at that moment, in which wall clocks are shown and read. */
export function zoneText(ms) {
  const minutes = -new Date(ms).getTimezoneOffset();
  if (!minutes) return "UTC";
  const size = Math.abs(minutes);
  return `UTC${minutes < 0 ? "−" : "+"}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

/** "2026-11-22" */
export function dateText(ms) {
  const date = new Date(ms);
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** Milliseconds since midnight. */
export function intoDay(ms) {
  return ms - new Date(ms).setHours(0, 0, 0, 0);
}

/** An instant, ns since the start: as "2:10.9", or with the wall clock of the start as "05:36:10.9". */
export function instantText(ns, start_ms = null) {
  if (start_ms === null) return timeText(ns);
  const tenths = Math.floor((start_ms * NS_PER_MS + ns) / 1e8);
  const date = new Date(Math.floor(tenths / 10) * 1000);
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${tenths % 10}`;
}

/**
 * Read what somebody typed: "133.5" seconds or "2:10.9" since zero, "02:13:40" since zero or by the wall
 * clock, "2026-11-22 05:36:10". What fits both ways is read the way times are shown, if the record has that instant.
 * @param zero_ms wall clock of zero, or null; @param from, to the ends of the record, ns since zero; @param wall
 * whether it is shown
 * @returns {t} in ns since zero, or {error: "not_a_time" | "outside"}
 */
export function readTime(typed, { zero_ms, from, to, wall }) {
  const written = typed.trim().replaceAll("：", ":").replaceAll("，", ".").replace(",", ".");
  const readings = readingsOf(written, { zero_ms, to, wall });
  if (!readings.length) return { error: "not_a_time" };
  const inside = readings.find((t) => t >= from && t <= to);
  return inside === undefined ? { error: "outside" } : { t: inside };
}

function readingsOf(written, { zero_ms, to, wall }) {
  if (SECONDS.test(written)) return [Math.round(Number(written) * 1e9)];
  const date = written.match(DATE);
  if (date) return zero_ms === null ? [] : [(dateMs(date) - zero_ms) * NS_PER_MS].filter(Number.isFinite);
  const elapsed = elapsedOf(written);
  const clock = zero_ms === null ? [] : daytimesOf(written, zero_ms, to);
  return wall ? [...clock, ...elapsed] : [...elapsed, ...clock];
}

/** "m:ss.s" or "h:mm:ss.s" since zero. */
function elapsedOf(written) {
  const match = written.match(CLOCK);
  if (!match) return [];
  const [, hours = "0", minutes, seconds] = match;
  if (Number(seconds) >= 60 || (match[1] && Number(minutes) >= 60)) return [];
  return [Math.round((Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1e9)];
}

/** "hh:mm" or "hh:mm:ss.s" of each day that the record touches. */
function daytimesOf(written, zero_ms, to) {
  const match = written.match(/^(\d{1,2}):(\d{2})(?::(\d{2}(?:\.\d+)?))?$/);
  if (!match) return [];
  const [hours, minutes, seconds] = [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)];
  if (hours > 23 || minutes > 59 || seconds >= 60) return [];
  const days = Math.ceil(to / NS_PER_MS / DAY_MS) + 1;
  return Array.from({ length: days }, (_, day) => {
    const date = new Date(zero_ms);
    date.setDate(date.getDate() + day);
    date.setHours(hours, minutes, 0, 0);
    return Math.round((date.getTime() + seconds * 1000 - zero_ms) * NS_PER_MS);
  });
}

function dateMs([, year, month, day, hours, minutes, seconds = "0", zone]) {
  const fields = [Number(year), Number(month) - 1, Number(day), Number(hours), Number(minutes)];
  const made = zone ? Date.UTC(...fields) : new Date(...fields).getTime();
  const read = new Date(made);
  const [readMonth, readDay] = zone ? [read.getUTCMonth(), read.getUTCDate()] : [read.getMonth(), read.getDate()];
  if (readMonth !== fields[1] || readDay !== fields[2] || fields[3] > 23 || fields[4] > 59) return NaN;
  return made + Number(seconds) * 1000 - zoneMs(zone);
}

function zoneMs(zone) {
  const match = zone?.match(/^([+-])(\d{2}):?(\d{2})$/);
  return match ? (match[1] === "-" ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3])) * 60_000 : 0;
}
