// A small line of a signal around the cursor, as an SVG path.

const EDGE_PX = 2;

/**
 * @param series {t, v, steps} as Signals.series gives it
 * @param until what lies after this instant is not recorded (yet): a held value ends there
 * @returns path of `width` × `height`; where nothing is recorded there is no line
 */
export function sparkPath({ t, v, steps }, t0, t1, width, height, until = t1) {
  const [low, high] = rangeOf({ t, v, steps }, t0, t1);
  if (low > high) return "";
  const flat = high === low;
  const x = (time) => Math.round((2 * width * (Math.min(Math.max(time, t0), t1) - t0)) / (t1 - t0)) / 2;
  const exact = (value) => (flat ? height / 2 : height - EDGE_PX - ((value - low) / (high - low)) * (height - 2 * EDGE_PX));
  // A level line in the middle of a pixel is sharp.
  const y = (value) => (flat || steps ? Math.floor(exact(value)) + 0.5 : round(exact(value)));
  let path = "";
  let down = false;
  let column = null; // what fell on half a pixel: {x, low, high, last}
  const flush = () => {
    if (column && column.low !== column.high) path += `V${y(column.low)}V${y(column.high)}V${y(column.last)}`;
    column = null;
  };
  for (let i = 0; i < t.length; i++) {
    const end = Math.min(steps ? (t[i + 1] ?? until) : t[i], until);
    if (end < t0 || (t[i] > t1 && !down)) continue;
    if (Number.isNaN(v[i])) {
      flush();
      down = false;
      continue;
    }
    const at = x(t[i]);
    if (column && column.x === at) {
      column.low = Math.min(column.low, v[i]);
      column.high = Math.max(column.high, v[i]);
      column.last = v[i];
    } else {
      flush();
      path += !down ? `M${at} ${y(v[i])}` : steps ? `H${at}V${y(v[i])}` : `L${at} ${y(v[i])}`;
      column = { x: at, low: v[i], high: v[i], last: v[i] };
    }
    down = true;
    if (steps) {
      flush();
      path += `H${x(end)}`;
    }
    if (t[i] > t1) break;
  }
  flush();
  return path;
}

/** Lowest and highest value from `t0` to `t1`; low above high when there is none. */
function rangeOf({ t, v, steps }, t0, t1) {
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < t.length; i++) {
    const seen = steps ? (t[i + 1] ?? Infinity) >= t0 && t[i] <= t1 : t[i] >= t0 && t[i] <= t1;
    if (!seen || Number.isNaN(v[i])) continue;
    low = Math.min(low, v[i]);
    high = Math.max(high, v[i]);
  }
  return [low, high];
}

const round = (value) => Math.round(value * 10) / 10;
