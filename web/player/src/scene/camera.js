// Named views, found from where the frames of a record stand, and the way from one camera to the next.

/**
 * A view looks along `direction` (towards the target, z up) at the parts whose ids match the first pattern that
 * any matches. With `follow` the camera then goes along with them; of several packs, with the one that moved last.
 */
export const VIEWS = {
  overview: { parts: [/^(shuttle|crane|bay)\./], direction: [-0.6, 0.66, -0.42], margin: 0.86 },
  underbody: { parts: [/^truck\d*\.bracket/, /^shuttle\.(lift|plate)\//], direction: [-0.16, 0.95, 0.01], margin: 1.5 },
  robot: { parts: [/^shuttle\.(?!rails)/], direction: [0.3, 0.85, -0.24], margin: 1.7 },
  rack: { parts: [/^station\/(rack|slot\d+)$/, /^crane\.mast\//], direction: [0.42, 0.74, -0.36], margin: 1.02 },
  crane: { parts: [/^crane\.(carriage|fork|fork_mid)\//], direction: [0.5, 0.7, -0.42], margin: 2.3 },
  follow_shuttle: { parts: [/^shuttle\.plate\//], direction: [0.5, 0.75, -0.5], margin: 3.8, follow: true },
  follow_crane: { parts: [/^crane\.carriage\//], direction: [0.7, 0.55, -0.4], margin: 2.8, follow: true },
  follow_pack: { parts: [/^pack\./], direction: [0.5, 0.7, -0.45], margin: 2.6, follow: true },
};
const MOVE_S = 0.3;

/** Union of bounds [x0, x1, y0, y1, z0, z1]; null of none. */
export function joinBounds(list) {
  if (!list.length) return null;
  return [0, 1, 2, 3, 4, 5].map((i) => Math[i % 2 ? "max" : "min"](...list.map((bounds) => bounds[i])));
}

/** World bounds of a box under a column-major matrix. */
export function movedBounds([x0, x1, y0, y1, z0, z1], m) {
  const corners = [];
  for (const x of [x0, x1]) for (const y of [y0, y1]) for (const z of [z0, z1]) {
    corners.push([0, 1, 2].map((k) => m[k] * x + m[4 + k] * y + m[8 + k] * z + m[12 + k]));
  }
  return [0, 1, 2].flatMap((k) => [Math.min(...corners.map((c) => c[k])), Math.max(...corners.map((c) => c[k]))]);
}

/** Position and focal point that show `bounds` along `direction` with a view angle in degrees. */
export function lookAt(bounds, direction, margin, viewAngle) {
  const focalPoint = [0, 1, 2].map((k) => (bounds[2 * k] + bounds[2 * k + 1]) / 2);
  const radius = Math.hypot(...[0, 1, 2].map((k) => (bounds[2 * k + 1] - bounds[2 * k]) / 2)) * margin;
  const distance = radius / Math.sin((viewAngle / 2) * (Math.PI / 180));
  const length = Math.hypot(...direction);
  return { focalPoint, position: focalPoint.map((c, k) => c - (direction[k] / length) * distance) };
}

/** A smooth way from one camera to another: round the target rather than through it. */
export class CameraMove {
  /** @param from, to {position, focalPoint}; @param began wall time, s */
  constructor(from, to, began) {
    Object.assign(this, { from, to, began });
  }

  done(now) {
    return now - this.began >= MOVE_S;
  }

  at(now) {
    if (this.done(now)) return this.to;
    const u = Math.max((now - this.began) / MOVE_S, 0);
    const s = u * u * (3 - 2 * u);
    const focalPoint = mix(this.from.focalPoint, this.to.focalPoint, s);
    const a = offset(this.from);
    const b = offset(this.to);
    const length = Math.exp(Math.log(norm(a)) * (1 - s) + Math.log(norm(b)) * s);
    let way = mix(a.map((c) => c / norm(a)), b.map((c) => c / norm(b)), s);
    // Straight across the target there is no shortest way round: over the top.
    if (norm(way) < 0.05) way = [way[0], way[1], 0.3];
    return { focalPoint, position: focalPoint.map((c, k) => c + (way[k] / norm(way)) * length) };
  }

  /** The target has moved on by `by` meanwhile. */
  shift(by) {
    for (const end of [this.from, this.to]) {
      end.position = end.position.map((c, k) => c + by[k]);
      end.focalPoint = end.focalPoint.map((c, k) => c + by[k]);
    }
  }
}

const mix = (a, b, s) => a.map((c, k) => c + (b[k] - c) * s);
const offset = ({ position, focalPoint }) => position.map((c, k) => c - focalPoint[k]);
const norm = (v) => Math.hypot(...v) || 1e-9;
