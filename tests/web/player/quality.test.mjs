import assert from "node:assert/strict";
import test from "node:test";
import { Quality } from "../../../web/player/src/scene/quality.js";

function play(quality, frames, interval, from = 0) {
  let now = from;
  for (let i = 0; i < frames; i++) quality.frame((now += interval), true);
  return now;
}

test("a fast machine always draws in full", () => {
  const quality = new Quality();
  play(quality, 100, 16);
  assert.equal(quality.scale, 1);
  assert.equal(quality.settle(5000), false);
});

test("a slow machine draws fewer pixels while it moves, all when it stands", () => {
  const quality = new Quality();
  const now = play(quality, 60, 200);
  assert.equal(quality.scale, 0.35);
  assert.equal(quality.settle(now + 100), false);
  assert.equal(quality.settle(now + 500), true);
  assert.equal(quality.settle(now + 1000), false, "once is enough");
});

test("a machine that became fast again draws in full again", () => {
  const quality = new Quality();
  const now = play(quality, 30, 200);
  assert.ok(quality.scale < 1);
  play(quality, 60, 16, now);
  assert.equal(quality.scale, 1);
});

test("single frames are drawn in full", () => {
  const quality = new Quality();
  play(quality, 60, 200);
  assert.equal(quality.frame(1e6, false), 1);
});

test("a very slow machine is helped within a few frames", () => {
  const quality = new Quality();
  play(quality, 6, 2000);
  assert.equal(quality.scale, 0.35);
});

test("a page that was hidden is no slow machine", () => {
  const quality = new Quality();
  const now = play(quality, 20, 16);
  quality.frame(now + 60_000, true);
  assert.equal(quality.scale, 1);
});
