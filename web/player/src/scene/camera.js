// Named views, found from where the frames of a record stand: nothing here knows a station's coordinates.

/** A view looks along `direction` (towards the target, z up) at the frames whose names match. */
export const VIEWS = {
  overview: { frames: /^(shuttle|crane|bay)\./, direction: [-0.6, 0.66, -0.42], margin: 0.92 },
  underbody: { frames: /^shuttle\.(trolley|lift|plate)/, direction: [0.2, 0.95, -0.07], margin: 1.5 },
  robot: { frames: /^shuttle\.(?!rails)/, direction: [0.3, 0.85, -0.24], margin: 1.7 },
  rack: { frames: /^crane\./, direction: [0.78, 0.42, -0.36], margin: 1.0 },
};

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
