import assert from "node:assert/strict";
import test from "node:test";
import { lastAtOrBefore, slerp, unpack, Window } from "../../../web/player/src/chunk.js";
import { packChunk } from "./pack.mjs";

const S = Math.SQRT1_2;

function windowOf({ finished = true, end = 1e9 } = {}) {
  // Two frames; the first slides 0 → 1 m in x, the second turns 0 → 90° about z, over one second.
  return new Window(
    packChunk(
      {
        t0_ns: 100,
        t1_ns: 1e9 + 100,
        end_ns: end,
        finished,
        frames: 2,
      },
      {
        pose_t: Float64Array.of(0, 1e9),
        base: Float32Array.of(0, 2, 3, 0, 0, 0, 1, 4, 5, 6, 0, 0, 0, 1),
        slides: Uint16Array.of(0),
        turns: Uint16Array.of(1),
        p: Float32Array.of(0, 2, 3, 1, 2, 3),
        q: Int16Array.of(0, 0, 0, 32767, 0, 0, 23170, 23170),
      },
    ),
  );
}

const near = (a, b, tolerance = 1e-4) => a.every((value, i) => Math.abs(value - b[i]) < tolerance);

test("a chunk is read wherever it lies in its buffer", () => {
  const bytes = packChunk({ x: 1 }, { a: Float64Array.of(1, 2, 3) });
  const shifted = new Uint8Array(bytes.length + 3);
  shifted.set(bytes, 3);
  const { header, arrays } = unpack(shifted.subarray(3));
  assert.equal(header.x, 1);
  assert.deepEqual([...arrays.a], [1, 2, 3]);
});

test("what is no chunk is refused", () => {
  assert.throws(() => unpack(new TextEncoder().encode("<!doctype html>…")), /STC1/);
});

test("poses between samples are interpolated, the quaternion on the sphere", () => {
  const out = new Float32Array(14);
  assert.ok(windowOf().poses(100 + 0.5e9, out));
  assert.ok(near(out.subarray(0, 7), [0.5, 2, 3, 0, 0, 0, 1]));
  assert.ok(near(out.subarray(7), [4, 5, 6, 0, 0, Math.sin(Math.PI / 8), Math.cos(Math.PI / 8)]));
});

test("before the first and after the last sample the nearest one holds", () => {
  const out = new Float32Array(14);
  windowOf().poses(0, out);
  assert.ok(near(out.subarray(0, 3), [0, 2, 3]));
  windowOf().poses(9e9, out);
  assert.ok(near(out.subarray(0, 3), [1, 2, 3]));
  assert.ok(near(out.subarray(10), [0, 0, S, S]));
});

test("opposite signs of a quaternion are one rotation", () => {
  const out = [0, 0, 0, 0];
  slerp([0, 0, 0, 32767, 0, 0, 0, -32767], 0, 4, 0.5, out, 0);
  assert.ok(near(out.map(Math.abs), [0, 0, 0, 1]));
});

test("half a turn keeps unit length", () => {
  const out = [0, 0, 0, 0];
  slerp([0, 0, 0, 32767, 0, 0, 32767, 0], 0, 4, 0.5, out, 0);
  assert.ok(near(out, [0, 0, S, S]));
});

test("a window of a growing record covers only what was recorded", () => {
  assert.ok(windowOf({ finished: false, end: 0.4e9 }).covers(0.3e9));
  assert.ok(!windowOf({ finished: false, end: 0.4e9 }).covers(0.5e9));
  assert.ok(windowOf().covers(0.5e9));
  assert.ok(!windowOf().covers(50));
});

test("lastAtOrBefore finds the place in a rising array", () => {
  assert.equal(lastAtOrBefore([1, 2, 2, 5], 0), -1);
  assert.equal(lastAtOrBefore([1, 2, 2, 5], 2), 2);
  assert.equal(lastAtOrBefore([1, 2, 2, 5], 9), 3);
  assert.equal(lastAtOrBefore([], 9), -1);
});
