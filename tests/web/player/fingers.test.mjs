// Two fingers: what they did, whatever order the browser tells it in.

import assert from "node:assert/strict";
import { test } from "node:test";
import { between } from "../../../web/player/src/scene/fingers.js";

test("both at once: they move and part", () => {
  const { by, scale } = between([[100, 100], [200, 100]], [[90, 130], [290, 130]]);
  assert.deepEqual(by, [40, 30]);
  assert.equal(scale, 2);
});

test("one finger's move and then the other's are together the move of both", () => {
  const [start, half, end] = [[[0, 0], [100, 0]], [[30, 10], [100, 0]], [[30, 10], [130, 10]]];
  const [first, second] = [between(start, half), between(half, end)];
  assert.deepEqual([0, 1].map((k) => first.by[k] + second.by[k]), [30, 10]);
  assert.ok(Math.abs(first.scale * second.scale - 1) < 1e-12);
});

test("fingers in one place do not make the picture leap", () => {
  assert.equal(between([[10, 10], [10, 10]], [[10, 10], [60, 10]]).scale, 1);
});
