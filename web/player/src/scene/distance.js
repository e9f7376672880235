// The shortest line between two surfaces of triangles: pairs of boxes near each other first, then pairs of triangles.

import { rayTriangle } from "./bvh.js";

const BOX = 6;

/**
 * @param a, b TriangleTrees in one frame
 * @returns {metres, from, to}: `from` on a, `to` on b; null when one of them has no surface
 */
export function closest(a, b) {
  if (a.empty || b.empty) return null;
  const best = { metres: Infinity, from: null, to: null };
  const stack = [[0, 0, boxGap(a, 0, b, 0)]];
  while (stack.length) {
    const [i, j, gap] = stack.pop();
    if (gap >= best.metres) continue;
    const leafA = a.size[i] > 0;
    const leafB = b.size[j] > 0;
    if (leafA && leafB) {
      leaves(a, i, b, j, best);
      if (best.metres === 0) return best;
      continue;
    }
    const next = [];
    if (leafB || (!leafA && extent(a, i) >= extent(b, j))) {
      for (const child of [i + 1, a.first[i]]) next.push([child, j, boxGap(a, child, b, j)]);
    } else {
      for (const child of [j + 1, b.first[j]]) next.push([i, child, boxGap(a, i, b, child)]);
    }
    // The nearer pair is looked at first: it makes the rest superfluous soonest.
    next.sort((one, other) => other[2] - one[2]);
    stack.push(...next);
  }
  return best;
}

function extent(tree, node) {
  const at = node * BOX;
  return Math.max(...[0, 1, 2].map((k) => tree.boxes[at + 3 + k] - tree.boxes[at + k]));
}

function boxGap(a, i, b, j) {
  let sum = 0;
  for (let k = 0; k < 3; k++) {
    const gap = Math.max(a.boxes[i * BOX + k] - b.boxes[j * BOX + 3 + k], b.boxes[j * BOX + k] - a.boxes[i * BOX + 3 + k], 0);
    sum += gap * gap;
  }
  return Math.sqrt(sum);
}

function leaves(a, i, b, j, best) {
  for (let m = a.first[i]; m < a.first[i] + a.size[i]; m++) {
    const one = corners(a, a.order[m]);
    for (let n = b.first[j]; n < b.first[j] + b.size[j]; n++) triangles(one, corners(b, b.order[n]), best);
  }
}

function corners(tree, triangle) {
  return [0, 1, 2].map((k) => {
    const at = tree.triangles[triangle * 3 + k] * 3;
    return [tree.points[at], tree.points[at + 1], tree.points[at + 2]];
  });
}

/** The shortest line between two triangles joins two edges, or a corner and a face; crossing ones touch. */
function triangles(one, other, best) {
  for (let k = 0; k < 3; k++) {
    const [a, b] = [one[k], one[(k + 1) % 3]];
    for (let m = 0; m < 3; m++) keep(best, ...segments(a, b, other[m], other[(m + 1) % 3]));
    pierce(best, a, b, other);
    pierce(best, other[k], other[(k + 1) % 3], one);
    face(best, one[k], other, false);
    face(best, other[k], one, true);
  }
}

function keep(best, from, to) {
  const metres = Math.hypot(from[0] - to[0], from[1] - to[1], from[2] - to[2]);
  if (metres < best.metres) Object.assign(best, { metres, from, to });
}

function pierce(best, a, b, triangle) {
  const d = sub(b, a);
  const t = rayTriangle(a, d, triangle.flat(), [0, 1, 2], 0);
  if (t >= 0 && t <= 1) {
    const at = along(a, d, t);
    Object.assign(best, { metres: 0, from: at, to: at });
  }
}

function face(best, point, triangle, swapped) {
  const n = cross(sub(triangle[1], triangle[0]), sub(triangle[2], triangle[0]));
  const length = Math.hypot(...n);
  if (length < 1e-12) return;
  const towards = n.map((c) => -c / length);
  const t = rayTriangle(point, towards, triangle.flat(), [0, 1, 2], 0);
  if (Number.isNaN(t)) return;
  const foot = along(point, towards, t);
  if (swapped) keep(best, foot, point);
  else keep(best, point, foot);
}

/** Closest points of two segments (Ericson, Real-Time Collision Detection, 5.1.9). */
export function segments(p1, q1, p2, q2) {
  const d1 = sub(q1, p1), d2 = sub(q2, p2), r = sub(p1, p2);
  const a = dot(d1, d1), e = dot(d2, d2), f = dot(d2, r);
  const limit = (x) => Math.min(Math.max(x, 0), 1);
  if (a < 1e-18 && e < 1e-18) return [p1, p2];
  if (a < 1e-18) return [p1, along(p2, d2, limit(f / e))];
  const c = dot(d1, r);
  if (e < 1e-18) return [along(p1, d1, limit(-c / a)), p2];
  const b = dot(d1, d2);
  const denominator = a * e - b * b;
  let s = denominator > 1e-18 ? limit((b * f - c * e) / denominator) : 0;
  let t = (b * s + f) / e;
  if (t < 0) {
    t = 0;
    s = limit(-c / a);
  } else if (t > 1) {
    t = 1;
    s = limit((b - c) / a);
  }
  return [along(p1, d1, s), along(p2, d2, t)];
}

const sub = (a, b) => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
const dot = (a, b) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const cross = (a, b) => [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
const along = (p, d, t) => [p[0] + d[0] * t, p[1] + d[1] * t, p[2] + d[2] * t];
