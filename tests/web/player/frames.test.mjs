import assert from "node:assert/strict";
import test from "node:test";
import { FrameTree } from "../../../web/player/src/frames.js";

const S = Math.SQRT1_2;

function place(tree, name, pose) {
  tree.local.set(pose, tree.index.get(name) * 7);
}

function origin(tree, name) {
  return [...tree.matrix(tree.index.get(name)).slice(12, 15)].map((value) => Math.round(value * 1e6) / 1e6);
}

test("a child turns and moves with its parent, whatever the order of frames", () => {
  const tree = new FrameTree([
    ["tip", "arm"],
    ["arm", "base"],
    ["base", ""],
  ]);
  place(tree, "base", [1, 0, 0, 0, 0, 0, 1]);
  place(tree, "arm", [0, 0, 2, 0, 0, S, S]); // a quarter turn about z
  place(tree, "tip", [1, 0, 0, 0, 0, 0, 1]);
  tree.compose();
  assert.deepEqual(origin(tree, "base"), [1, 0, 0]);
  assert.deepEqual(origin(tree, "arm"), [1, 0, 2]);
  assert.deepEqual(origin(tree, "tip"), [1, 1, 2]);
});

test("a parent that is no frame is the world", () => {
  const tree = new FrameTree([["pack", "world"]]);
  place(tree, "pack", [1, 2, 3, 0, 0, 0, 1]);
  tree.compose();
  assert.deepEqual(origin(tree, "pack"), [1, 2, 3]);
});

test("the first frame can be a parent", () => {
  const tree = new FrameTree([
    ["base", ""],
    ["arm", "base"],
  ]);
  assert.deepEqual(tree.parents, [-1, 0]);
});

test("a ring of frames is cut instead of followed for ever", () => {
  const tree = new FrameTree([
    ["a", "b"],
    ["b", "a"],
    ["c", "c"],
  ]);
  tree.compose();
  assert.equal(tree.order.length, 3);
});

test("an unknown pose makes its children unknown, not its neighbours", () => {
  const tree = new FrameTree([
    ["lost", ""],
    ["child", "lost"],
    ["other", ""],
  ]);
  place(tree, "lost", [NaN, NaN, NaN, 0, 0, 0, 1]);
  place(tree, "child", [0, 0, 0, 0, 0, 0, 1]);
  place(tree, "other", [0, 0, 1, 0, 0, 0, 1]);
  tree.compose();
  assert.ok(Number.isNaN(tree.matrix(1)[12]));
  assert.deepEqual(origin(tree, "other"), [0, 0, 1]);
});
