// What belongs to a part: its asset, its devices, where a pack is read, its alarms. All of it from the record.

const PACK = "pack.";

/**
 * @param part {frame, name} of the picture
 * @param assets of the manifest; null when it was not recorded
 * @returns {asset: {id, text, grade, parameters} or null, devices: names}
 */
export function belongingsOf(part, assets, catalogue) {
  const found = assets?.parts[`${part.frame}/${part.name}`];
  // A record that does not say which devices a part has may still have one of the frame's own name.
  const devices = (found?.devices ?? [part.frame]).filter((name) => catalogue.devices.has(name));
  return { asset: found ? { id: found.asset, ...assets.assets[found.asset] } : null, devices };
}

/** Serial of the pack that a frame is; null for anything else. */
export const serialOf = (frame) => (frame.startsWith(PACK) ? frame.slice(PACK.length) : null);

/** Signals that can read a pack's serial, with the value that means this one. */
export function readersOf(serial, catalogue) {
  const readers = [];
  for (const signal of catalogue.signals.values()) {
    if (signal.quantity !== "pack_serial") continue;
    const value = Object.entries(signal.labels ?? {}).find(([, label]) => label === serial)?.[0];
    if (value !== undefined) readers.push({ signal, value: Number(value) });
  }
  return readers;
}

/** A device's parameters: [{key, …quantity}]. */
export function parametersOf(device, assets) {
  const described = assets?.devices[device];
  return (described?.parameters ?? []).map((key) => ({ key, ...assets.assets[described.asset].parameters[key] }));
}

/** Alarms of devices among the entries of events, latest first. */
export function alarmsOf(devices, entries) {
  const own = new Set(devices);
  return entries.filter(({ kind, name }) => kind === "alarm" && own.has(name.slice(0, name.lastIndexOf(".")))).reverse();
}
