// Several series on one axis of time, as uPlot wants them: null is a gap, undefined says nothing about an instant.

/**
 * @param series [{t, v, steps}], times in ns
 * @param until what is after this instant is not recorded (yet): a held value is drawn up to it
 * @returns [seconds, values of the first, …]
 */
export function aligned(series, until) {
  const lines = series.map((one) => (one.steps ? staircase(one, until) : one));
  const times = allTimes(lines);
  return [
    Array.from(times, (t) => t / 1e9),
    ...lines.map(({ t, v }) => {
      const values = new Array(times.length);
      for (let i = 0, at = 0; i < t.length; i++) {
        while (times[at] < t[i]) at++;
        values[at] = Number.isNaN(v[i]) ? null : v[i];
      }
      return values;
    }),
  ];
}

/** A held value as a line: up to the next change it stays, and the change is upright. */
function staircase({ t, v }, until) {
  const times = [];
  const values = [];
  for (let i = 0; i < t.length; i++) {
    times.push(t[i]);
    values.push(v[i]);
    const end = t[i + 1] !== undefined ? t[i + 1] - 1 : until;
    if (end > t[i]) {
      times.push(end);
      values.push(v[i]);
    }
  }
  return { t: times, v: values };
}

function allTimes(lines) {
  const [first, ...others] = lines;
  if (first && others.every(({ t }) => sameTimes(t, first.t))) return first.t;
  const all = new Float64Array(lines.reduce((sum, { t }) => sum + t.length, 0));
  let at = 0;
  for (const { t } of lines) {
    all.set(t, at);
    at += t.length;
  }
  all.sort();
  return all.filter((t, i) => i === 0 || t !== all[i - 1]);
}

function sameTimes(a, b) {
  return a.length === b.length && a[0] === b[0] && a.every((t, i) => t === b[i]);
}

/** Samples with a gap on either side: a line does not show them. */
export function alone(values) {
  const there = [];
  for (let i = 0; i < values.length; i++) if (values[i] !== undefined) there.push(i);
  return there.filter((index, k) => values[index] !== null && (values[there[k - 1]] ?? null) === null && (values[there[k + 1]] ?? null) === null);
}
