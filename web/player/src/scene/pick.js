// What a ray meets first among the parts as they stand, and their surfaces in the station.

import { TriangleTree } from "./bvh.js";

const IDENTITY = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];

/**
 * @param parts with visible, look, matrix (rigid), shape
 * @param cut {k, at, keep} of a section, or null: what it takes away is not met
 * @returns {frame, part, point}, or null
 */
export function pickPart(parts, eye, ray, cut = null) {
  const [from, to] = cut ? keptAlong(eye, ray, cut) : [0, Infinity];
  let nearest = null;
  let best = to;
  for (const part of parts) {
    if (!part.visible || part.look.ghosted) continue;
    const m = part.matrix ?? IDENTITY;
    const t = part.shape.surface.hit(intoPart(m, eye, 1), intoPart(m, ray, 0), from, best);
    if (t < best) {
      best = t;
      nearest = part;
    }
  }
  if (!nearest) return null;
  return { frame: nearest.frame, part: nearest.id, point: eye.map((c, k) => c + ray[k] * best) };
}

/** Whether any part but `own` stands before a point, by at least `by` metres. */
export function blocked(parts, eye, point, own, by) {
  const way = point.map((c, k) => c - eye[k]);
  const away = Math.hypot(...way);
  const ray = way.map((c) => c / away);
  return parts.some((part) => {
    if (part === own || !part.visible || part.look.ghosted) return false;
    const m = part.matrix ?? IDENTITY;
    return part.shape.surface.hit(intoPart(m, eye, 1), intoPart(m, ray, 0), 0, away - by) < Infinity;
  });
}

/** From where to where a ray is on the kept side of a section. */
function keptAlong(eye, ray, { k, at, keep }) {
  const inside = (eye[k] - at) * keep >= 0;
  const t = (at - eye[k]) / ray[k];
  if (!(t > 0)) return inside ? [0, Infinity] : [0, -1];
  return inside ? [0, t] : [t, Infinity];
}

/** A point (w 1) or a direction (w 0) of the station in a part's own frame. */
function intoPart(m, v, w) {
  const d = [v[0] - w * m[12], v[1] - w * m[13], v[2] - w * m[14]];
  return [0, 4, 8].map((at) => m[at] * d[0] + m[at + 1] * d[1] + m[at + 2] * d[2]);
}

/** A part's surface where it stands. */
export function surfaceInWorld(part) {
  const { points, triangles } = part.shape.surface;
  const m = part.matrix ?? IDENTITY;
  const moved = new Float32Array(points.length);
  for (let i = 0; i < points.length; i += 3) {
    for (let k = 0; k < 3; k++) {
      moved[i + k] = m[k] * points[i] + m[4 + k] * points[i + 1] + m[8 + k] * points[i + 2] + m[12 + k];
    }
  }
  return new TriangleTree(moved, triangles);
}
