import assert from "node:assert/strict";
import test from "node:test";
import { rayTriangle, TriangleTree } from "../../../web/player/src/scene/bvh.js";
import { CameraMove } from "../../../web/player/src/scene/camera.js";
import { closest } from "../../../web/player/src/scene/distance.js";
import { blocked, pickPart, surfaceInWorld } from "../../../web/player/src/scene/pick.js";
import { Projection } from "../../../web/player/src/scene/projection.js";

/** A box as points and triangles. */
function box([x0, x1, y0, y1, z0, z1]) {
  const points = [];
  for (const x of [x0, x1]) for (const y of [y0, y1]) for (const z of [z0, z1]) points.push(x, y, z);
  const quads = [[0, 1, 3, 2], [4, 6, 7, 5], [0, 4, 5, 1], [2, 3, 7, 6], [0, 2, 6, 4], [1, 5, 7, 3]];
  return [Float32Array.from(points), Uint32Array.from(quads.flatMap(([a, b, c, d]) => [a, b, c, a, c, d]))];
}

const tree = (bounds) => new TriangleTree(...box(bounds));
const near = (a, b, tolerance = 1e-5) => assert.ok(a.every((value, i) => Math.abs(value - b[i]) < tolerance), `${a} is not ${b}`);

/** Many small random triangles, the same each time. */
function cloud(count, centre, seed) {
  let state = seed;
  const random = () => (state = (state * 16807) % 2147483647) / 2147483647 - 0.5;
  const points = new Float32Array(count * 9);
  for (let i = 0; i < count; i++) {
    const at = centre.map((c) => c + 2 * random());
    for (let k = 0; k < 9; k++) points[i * 9 + k] = at[k % 3] + 0.2 * random();
  }
  return [points, Uint32Array.from({ length: count * 3 }, (_, i) => i)];
}

const part = (id, bounds, { matrix = null, hidden = false, ghosted = false } = {}) => ({
  id, frame: id, matrix, visible: !hidden, look: { ghosted }, shape: { surface: tree(bounds) },
});

test("the tree finds what looking at every triangle finds", () => {
  const [points, triangles] = cloud(400, [0, 0, 0], 7);
  const surface = new TriangleTree(points, triangles);
  let hits = 0;
  for (let i = 0; i < 200; i++) {
    const angle = i * 0.7;
    const origin = [4 * Math.cos(angle), 4 * Math.sin(angle), Math.sin(i)];
    const length = Math.hypot(...origin);
    const ray = origin.map((c, k) => -c / length + 0.05 * Math.sin(i * (k + 1)));
    let best = Infinity;
    for (let t = 0; t < triangles.length; t += 3) {
      const d = rayTriangle(origin, ray, points, triangles, t);
      if (d > 0 && d < best) best = d;
    }
    hits += best < Infinity;
    assert.equal(surface.hit(origin, ray), best);
  }
  assert.ok(hits > 50);
});

test("the nearest part is picked, hidden and see-through ones are not", () => {
  const eye = [-10, 0.1, 0.1];
  const ray = [1, 0, 0];
  const [front, back] = [[0, 1, -1, 1, -1, 1], [3, 4, -1, 1, -1, 1]];
  const picked = pickPart([part("back", back), part("front", front)], eye, ray);
  assert.equal(picked.part, "front");
  near(picked.point, [0, 0.1, 0.1]);
  assert.equal(pickPart([part("back", back), part("front", front, { hidden: true })], eye, ray).part, "back");
  assert.equal(pickPart([part("back", back), part("front", front, { ghosted: true })], eye, ray).part, "back");
  assert.equal(pickPart([part("front", front)], eye, [-1, 0, 0]), null);
});

test("a point is blocked by what stands before it, not by its own part nor by what is behind", () => {
  const parts = [part("front", [0, 1, -1, 1, -1, 1]), part("own", [3, 4, -1, 1, -1, 1]), part("back", [6, 7, -1, 1, -1, 1])];
  const eye = [-10, 0.1, 0.1];
  assert.equal(blocked(parts, eye, [3.5, 0.1, 0.1], parts[1], 0.1), true);
  assert.equal(blocked(parts.slice(1), eye, [3.5, 0.1, 0.1], parts[1], 0.1), false);
  assert.equal(blocked(parts, eye, [0.05, 0.1, 0.1], parts[1], 0.1), false, "nearer than it must be");
});

test("a part is picked where it was moved and turned to", () => {
  // A quarter turn about z, then 5 m along y: what was at x 2..3 is at y 7..8.
  const matrix = [0, 1, 0, 0, -1, 0, 0, 0, 0, 0, 1, 0, 0, 5, 0, 1];
  const moved = part("moved", [2, 3, -0.5, 0.5, 0, 1], { matrix });
  near(pickPart([moved], [0, 0, 0.5], [0, 1, 0]).point, [0, 7, 0.5]);
  assert.equal(pickPart([moved], [0, 0, 0.5], [1, 0, 0]), null);
});

test("what a section takes away is not picked", () => {
  const parts = [part("front", [0, 1, -1, 1, -1, 1]), part("back", [3, 4, -1, 1, -1, 1])];
  const cut = { k: 0, at: 2, keep: 1 };
  assert.equal(pickPart(parts, [-10, 0.1, 0.1], [1, 0, 0], cut).part, "back");
  assert.equal(pickPart(parts, [10, 0.1, 0.1], [-1, 0, 0], { k: 0, at: 3.5, keep: -1 }).part, "back");
  near(pickPart(parts, [10, 0.1, 0.1], [-1, 0, 0], { k: 0, at: 2, keep: -1 }).point, [1, 0.1, 0.1]);
  assert.equal(pickPart(parts, [-10, 0.1, 0.1], [-1, 0, 0], cut), null);
});

test("the distance of two surfaces is the shortest there is", () => {
  near([closest(tree([0, 1, 0, 1, 0, 1]), tree([3, 4, 0, 1, 0, 1])).metres], [2]);
  // Corner to corner, where no vertex faces a face.
  near([closest(tree([0, 1, 0, 1, 0, 1]), tree([2, 3, 2, 3, 2, 3])).metres], [Math.sqrt(3)]);
  assert.equal(closest(tree([0, 2, 0, 2, 0, 2]), tree([1, 3, 0.5, 1.5, 0.5, 1.5])).metres, 0);
  assert.equal(closest(tree([0, 1, 0, 1, 0, 1]), new TriangleTree(new Float32Array(), new Uint32Array())), null);
  const line = closest(tree([0, 1, 0, 1, 0, 1]), tree([0.2, 0.4, 0.2, 0.4, 1.5, 2]));
  near([line.from[2], line.to[2]], [1, 1.5]);
  near([Math.hypot(...line.from.map((c, k) => c - line.to[k]))], [line.metres]);
});

test("the search by boxes misses no nearer pair", () => {
  const [a, b] = [cloud(60, [0, 0, 0], 3), cloud(60, [2.6, 0.4, 0], 11)];
  const whole = closest(new TriangleTree(...a), new TriangleTree(...b)).metres;
  let least = Infinity;
  const one = ([points], i) => new TriangleTree(points.subarray(i * 9, i * 9 + 9), Uint32Array.of(0, 1, 2));
  for (let i = 0; i < 60; i++) for (let j = 0; j < 60; j++) least = Math.min(least, closest(one(a, i), one(b, j)).metres);
  near([whole], [least]);
});

test("a surface is measured where its part stands", () => {
  const matrix = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 4, 0, 0, 1];
  const moved = surfaceInWorld(part("moved", [0, 1, 0, 1, 0, 1], { matrix }));
  near([closest(tree([0, 1, 0, 1, 0, 1]), moved).metres], [3]);
});

test("a ray through a point of the page meets what is drawn there", () => {
  const projection = new Projection({ position: [3, -8, 4], focalPoint: [0, 0, 1], viewUp: [0, 0, 1], viewAngle: 30 }, 800, 600);
  const middle = projection.point([0, 0, 1]);
  near([middle.x, middle.y], [400, 300]);
  const point = [0.7, 1.2, 0.3];
  const { x, y } = projection.point(point);
  const ray = projection.ray(x, y);
  const away = Math.hypot(...point.map((c, k) => c - projection.eye[k]));
  near(ray.map((c, k) => projection.eye[k] + c * away), point);
  assert.equal(projection.point([6, -16, 7]), null, "what is behind the eye is nowhere on the page");
});

test("a camera goes round its target, and ends where it should", () => {
  const from = { position: [10, 0, 0], focalPoint: [0, 0, 0] };
  const to = { position: [-10, 0, 0], focalPoint: [0, 0, 0] };
  const move = new CameraMove(from, to, 5);
  near(move.at(5).position, from.position);
  for (const now of [5.05, 5.1, 5.15, 5.2, 5.25]) assert.ok(Math.hypot(...move.at(now).position) > 9);
  assert.deepEqual(move.at(5.31), to);
  assert.ok(move.done(5.31) && !move.done(5.2));
  move.shift([1, 2, 3]);
  near(move.at(6).focalPoint, [1, 2, 3]);
});
