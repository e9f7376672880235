// Events of a record as a list to read: what began and ended is one entry that lasted.

/** Kinds in the order they are offered; any other is an "other". */
export const KINDS = ["alarm", "fault", "operator", "event", "phase", "state", "mode", "step", "data", "verdict"];
/** What begins and ends with these edges; a state lasts until the next of its kind. */
const EDGES = { phase: ["start", "end"], alarm: ["raised", "cleared"], data: ["start", "end"] };
const SUCCESSIONS = new Set(["state", "mode"]);

/** [{key, kind, name, message, class, data, start, end}] in order of time; `end` null: not ended, undefined: an instant. */
export function entriesOf(events) {
  const entries = [];
  const open = new Map(); // kind and name, of a succession the kind alone → entry
  for (const event of events) {
    if (event.kind === "untold") continue; // of a lesson that goes on
    const kind = KINDS.includes(event.kind) ? event.kind : "other";
    const [opens, closes] = EDGES[kind] ?? [];
    const lasts = closes !== undefined && [opens, closes].includes(event.data?.edge);
    const slot = SUCCESSIONS.has(kind) ? kind : lasts ? `${kind} ${event.name}` : null;
    const before = slot && open.get(slot);
    if (before && (SUCCESSIONS.has(kind) || event.data.edge === closes)) {
      before.end = event.t_ns;
      open.delete(slot);
      if (lasts) continue;
    } else if (lasts && (before || event.data.edge === closes)) {
      continue; // an edge without its counterpart
    }
    const entry = {
      key: String(entries.length), kind, name: event.name, message: event.message ?? "",
      class: event.data?.class ?? "", data: event.data ?? {}, start: event.t_ns, end: slot ? null : undefined,
    };
    entries.push(entry);
    if (slot) open.set(slot, entry);
  }
  return entries;
}

/** Whether an entry holds at `t`; an instant never does. */
export const holdsAt = (entry, t) => entry.end !== undefined && entry.start <= t && (entry.end === null || t < entry.end);

/** The last entry that has begun at `t`; -1 before all. */
export function lastBegun(entries, t) {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (entries[middle].start <= t) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
