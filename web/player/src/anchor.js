// A point that goes along with the part it is on.

const IDENTITY = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];

/** A point of the station as {part, local} on the part that was hit there. */
export function anchored(stage, { part, point }) {
  const m = stage.part(part).matrix ?? IDENTITY;
  const d = [0, 1, 2].map((k) => point[k] - m[12 + k]);
  return { part, local: [0, 4, 8].map((at) => m[at] * d[0] + m[at + 1] * d[1] + m[at + 2] * d[2]) };
}

/** Where the point is now; null while its part is not in the picture. */
export function standing(stage, { part, local }) {
  const on = stage.part(part);
  if (!on?.present) return null;
  const m = on.matrix ?? IDENTITY;
  return [0, 1, 2].map((k) => m[k] * local[0] + m[4 + k] * local[1] + m[8 + k] * local[2] + m[12 + k]);
}
