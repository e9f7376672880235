// What is drawn together: numbers of one unit share a chart, what steps between states has a lane of its own.

/** Lanes: values that are words rather than numbers. */
const isLane = ({ type }) => type === "bool" || type === "enum";

/**
 * @param names chosen signals in their order; those the record does not have are left out
 * @returns {charts: [{unit, signals}], lanes: [signal]}, both in the order chosen
 */
export function groupsOf(names, signals) {
  const charts = new Map();
  const lanes = [];
  for (const name of names) {
    const signal = signals.get(name);
    if (!signal) continue;
    if (isLane(signal)) lanes.push(signal);
    else if (charts.has(signal.unit)) charts.get(signal.unit).push(signal);
    else charts.set(signal.unit, [signal]);
  }
  return { charts: [...charts].map(([unit, list]) => ({ unit, signals: list })), lanes };
}

/** The names with `name` one place further up among those it is drawn with (down: further down). */
export function moved(names, name, direction, signals) {
  const { charts, lanes } = groupsOf(names, signals);
  const group = [lanes, ...charts.map((chart) => chart.signals)].find((list) => list.some((one) => one.name === name));
  const other = group?.[group.findIndex((one) => one.name === name) + direction]?.name;
  if (!other) return names;
  return names.map((one) => (one === name ? other : one === other ? name : one));
}

/** Stretches of one value of a stepwise series from `t0` to `t1`: [{t0, t1, value}]; what is missing is left out. */
export function bandsOf({ t, v }, t0, t1) {
  const bands = [];
  for (let i = 0; i < t.length && t[i] <= t1; i++) {
    const end = Math.min(t[i + 1] ?? t1, t1);
    if (end < t0 || Number.isNaN(v[i])) continue;
    const last = bands.at(-1);
    if (last && last.value === v[i] && last.t1 === t[i]) last.t1 = end;
    else bands.push({ t0: Math.max(t[i], t0), t1: end, value: v[i] });
  }
  return bands;
}
