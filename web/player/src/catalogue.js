// The signals of a record as people look for them: by area and device, by name, or by words in either language.

import { areaText } from "./parts.js";
import { LANGUAGES, parameterText } from "./texts.js";

/** What is measured first, then what it truly was, then what was wanted of it, the rest, and what its source wrote. */
const KINDS = ["pv", "st", "gt", "sp", "cmd", "seq", "ilk", "alm", "op", "par", "raw", "qc"];
/** The area of an imported log's tags that no map mentions. */
const UNMAPPED = "log";
const ENGINEERING_ESTIMATE = "EE";

const known = new WeakMap();

/** Signals, devices and areas of a manifest, in the order of its tables; the same object for the same manifest. */
export function catalogueOf(manifest) {
  if (!known.has(manifest)) known.set(manifest, build(manifest));
  return known.get(manifest);
}

function build(manifest) {
  const signals = new Map();
  const devices = new Map();
  const areas = new Map();
  for (const [table, list] of Object.entries(manifest.tables)) {
    for (const entry of list) {
      const [area, short, field] = entry.name.split(".");
      const [kind] = field.split("_", 1);
      const device = `${area}.${short}`;
      const signal = { ...entry, table, area, device, field, kind, quantity: field.slice(kind.length + 1) };
      signals.set(signal.name, signal);
      if (!devices.has(device)) {
        devices.set(device, { name: device, short, area, text: manifest.assets?.devices[device]?.text, signals: [] });
        if (!areas.has(area)) areas.set(area, []);
        areas.get(area).push(devices.get(device));
      }
      devices.get(device).signals.push(signal);
    }
  }
  // What no map mentions comes after what one does.
  const others = areas.get(UNMAPPED);
  if (areas.delete(UNMAPPED)) areas.set(UNMAPPED, others);
  for (const device of devices.values()) device.signals.sort((a, b) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind));
  const requests = new Map([...signals.values()].filter(({ kind }) => kind === "op").map((signal) => [signal.field, signal]));
  // By what the log calls them; of what came of one tag the first, which is its value.
  const sources = new Map([...signals.values()].filter(({ source }) => source).reverse().map((signal) => [signal.source, signal]));
  return { signals, sources, devices, areas, requests, truths: pairs(devices), estimated: describeParameters(devices, manifest.assets) };
}

/** What is believed → what was true: signals of one device and quantity. */
function pairs(devices) {
  const truths = new Map();
  for (const { signals } of devices.values()) {
    for (const truth of signals.filter(({ kind }) => kind === "gt")) {
      const believed = signals.find(({ kind, quantity }) => kind !== "gt" && kind !== "sp" && quantity === truth.quantity);
      if (believed) truths.set(believed.name, truth.name);
    }
  }
  return truths;
}

/** Give parameters their words; returns the names of those whose number is an engineering estimate. */
function describeParameters(devices, assets) {
  const estimated = new Set();
  for (const { name, signals } of devices.values()) {
    const device = assets?.devices[name];
    for (const signal of signals.filter(({ kind }) => kind === "par")) {
      const key = device?.parameters.find((one) => signal.quantity.startsWith(one.split(".").pop()));
      if (!key) continue;
      signal.text ??= Object.fromEntries(LANGUAGES.map((language) => [language, parameterText(key, language)]));
      if (assets.assets[device.asset].parameters[key].confidence === ENGINEERING_ESTIMATE) estimated.add(signal.name);
    }
  }
  return estimated;
}

/** Everything a signal can be found by, in lower case. */
function words(signal, device) {
  if (signal.words) return signal.words;
  const texts = LANGUAGES.flatMap((language) => [signal.text?.[language], device.text?.[language], areaText(signal.area, language)]);
  signal.words = [signal.name, signal.source, signal.unit, ...texts].filter(Boolean).join(" ").toLowerCase();
  return signal.words;
}

/**
 * The lines of the tree: areas, the devices of open areas, the signals of open devices. What is searched for is
 * shown wherever it is.
 * @param open names of areas and devices that are open
 * @param only names of the signals to show, null for all
 */
export function rowsOf(catalogue, { query = "", open = new Set(), only = null } = {}) {
  const wanted = query.toLowerCase().split(/\s+/).filter(Boolean);
  const searching = wanted.length > 0 || only !== null;
  const fits = (signal, device) =>
    (!only || only.has(signal.name)) && wanted.every((word) => words(signal, device).includes(word));
  const rows = [];
  for (const [area, devices] of catalogue.areas) {
    const inside = devices
      .map((device) => ({ device, signals: searching ? device.signals.filter((one) => fits(one, device)) : device.signals }))
      .filter(({ signals }) => signals.length);
    if (!inside.length) continue;
    const areaOpen = searching || open.has(area);
    rows.push({ kind: "area", key: area, open: areaOpen, count: inside.reduce((sum, { signals }) => sum + signals.length, 0) });
    if (!areaOpen) continue;
    for (const { device, signals } of inside) {
      const deviceOpen = searching || open.has(device.name);
      rows.push({ kind: "device", key: device.name, device, open: deviceOpen, count: signals.length });
      if (deviceOpen) rows.push(...signals.map((signal) => ({ kind: "signal", key: signal.name, signal })));
    }
  }
  return rows;
}

/** What is to be known about a value besides the value: missing, held, truth, estimated; empty when it is as measured. */
export function qualityOf(catalogue, signal, sample) {
  if (!sample) return "loading";
  if (Number.isNaN(sample.value)) return "missing";
  if (signal.kind === "gt") return "truth";
  if (catalogue.estimated.has(signal.name)) return "estimated";
  return sample.held && signal.kind !== "par" ? "held" : "";
}
