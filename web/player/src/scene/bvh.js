// Triangles in a tree of boxes, so that a ray or another surface meets few of them. Plain numbers, no vtk.

const LEAF = 6;
/** Numbers a node holds in `boxes`: low x y z, high x y z. */
const BOX = 6;
/** Boxes are kept in single precision: a ray may graze them by this much, m. */
const TOLERANCE = 1e-6;
/** Nodes still to be looked at; no tree of halves is deeper. */
const STACK = new Uint32Array(128);

export class TriangleTree {
  /** @param points x y z of every vertex; @param triangles three vertex numbers each */
  constructor(points, triangles) {
    this.points = points;
    this.triangles = triangles;
    const count = triangles.length / 3;
    this.order = Uint32Array.from({ length: count }, (_, i) => i);
    this.centres = new Float32Array(count * 3);
    for (let i = 0; i < count; i++) {
      for (let k = 0; k < 3; k++) {
        this.centres[i * 3 + k] =
          (points[triangles[i * 3] * 3 + k] + points[triangles[i * 3 + 1] * 3 + k] + points[triangles[i * 3 + 2] * 3 + k]) / 3;
      }
    }
    const most = Math.max(1, 2 * Math.ceil(count / (LEAF / 2)) + 1);
    this.boxes = new Float32Array(most * BOX);
    // A leaf has its first triangle and how many; an inner node the number of its right child (the left follows it).
    this.first = new Uint32Array(most);
    this.size = new Uint32Array(most);
    this.nodes = 0;
    if (count) this.#build(0, count);
    this.centres = null;
  }

  get empty() {
    return this.nodes === 0;
  }

  /** Distance along the ray to its nearest triangle within [from, to]; Infinity when it meets none. */
  hit(origin, direction, from = 0, to = Infinity) {
    if (this.empty) return Infinity;
    const inverse = direction.map((c) => 1 / c);
    let best = Infinity;
    let depth = 0;
    STACK[depth++] = 0;
    while (depth) {
      const node = STACK[--depth];
      if (!this.#rayMeets(node, origin, inverse, from, Math.min(best, to))) continue;
      if (this.size[node] === 0) {
        STACK[depth++] = this.first[node];
        STACK[depth++] = node + 1;
        continue;
      }
      for (let i = this.first[node]; i < this.first[node] + this.size[node]; i++) {
        const t = rayTriangle(origin, direction, this.points, this.triangles, this.order[i] * 3);
        if (t >= from && t <= to && t < best) best = t;
      }
    }
    return best;
  }

  #build(start, end) {
    const node = this.nodes++;
    this.#bound(node, start, end);
    if (end - start <= LEAF) {
      this.first[node] = start;
      this.size[node] = end - start;
      return node;
    }
    const box = this.boxes.subarray(node * BOX, node * BOX + BOX);
    const sides = [0, 1, 2].map((k) => box[3 + k] - box[k]);
    const axis = sides.indexOf(Math.max(...sides));
    const part = this.order.subarray(start, end);
    part.sort((a, b) => this.centres[a * 3 + axis] - this.centres[b * 3 + axis]);
    const middle = (start + end) >> 1;
    this.#build(start, middle);
    this.first[node] = this.#build(middle, end);
    return node;
  }

  #bound(node, start, end) {
    const at = node * BOX;
    this.boxes.fill(Infinity, at, at + 3);
    this.boxes.fill(-Infinity, at + 3, at + BOX);
    for (let i = start * 3; i < end * 3; i++) {
      const vertex = this.triangles[this.order[(i / 3) | 0] * 3 + (i % 3)] * 3;
      for (let k = 0; k < 3; k++) {
        const value = this.points[vertex + k];
        if (value < this.boxes[at + k]) this.boxes[at + k] = value;
        if (value > this.boxes[at + 3 + k]) this.boxes[at + 3 + k] = value;
      }
    }
  }

  /** Along an axis that the ray does not move on, `inverse` is infinite: it is inside from −∞ to ∞, or never. */
  #rayMeets(node, origin, inverse, from, to) {
    const { boxes } = this;
    let near = from;
    let far = to;
    for (let k = 0, at = node * BOX; k < 3; k++, at++) {
      let a = (boxes[at] - TOLERANCE - origin[k]) * inverse[k];
      let b = (boxes[at + 3] + TOLERANCE - origin[k]) * inverse[k];
      if (a > b) [a, b] = [b, a];
      if (a > near) near = a;
      if (b < far) far = b;
      if (near > far) return false;
    }
    return true;
  }
}

/** Distance along a ray to a triangle from either side (Möller and Trumbore); NaN when it passes by. */
export function rayTriangle(o, d, p, triangles, at) {
  const a = triangles[at] * 3, b = triangles[at + 1] * 3, c = triangles[at + 2] * 3;
  const ux = p[b] - p[a], uy = p[b + 1] - p[a + 1], uz = p[b + 2] - p[a + 2];
  const vx = p[c] - p[a], vy = p[c + 1] - p[a + 1], vz = p[c + 2] - p[a + 2];
  const hx = d[1] * vz - d[2] * vy, hy = d[2] * vx - d[0] * vz, hz = d[0] * vy - d[1] * vx;
  const det = ux * hx + uy * hy + uz * hz;
  if (Math.abs(det) < 1e-14) return NaN;
  const sx = o[0] - p[a], sy = o[1] - p[a + 1], sz = o[2] - p[a + 2];
  const u = (sx * hx + sy * hy + sz * hz) / det;
  if (u < -1e-7 || u > 1 + 1e-7) return NaN;
  const qx = sy * uz - sz * uy, qy = sz * ux - sx * uz, qz = sx * uy - sy * ux;
  const v = (d[0] * qx + d[1] * qy + d[2] * qz) / det;
  if (v < -1e-7 || u + v > 1 + 1e-7) return NaN;
  return (vx * qx + vy * qy + vz * qz) / det;
}
