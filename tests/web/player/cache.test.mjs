import assert from "node:assert/strict";
import test from "node:test";
import { ChunkCache, levelOf } from "../../../web/player/src/cache.js";
import { NS } from "../../../web/player/src/clock.js";
import { packChunk } from "./pack.mjs";

/** A source that remembers what it was asked for; its record ends at `end`. */
function recordOf(end, finished = true) {
  const asked = [];
  const fetch = async (t0, t1, step) => {
    asked.push([t0 / NS, t1 / NS, step]);
    return packChunk(
      { t0_ns: t0, t1_ns: t1, end_ns: end.value, finished, frames: 0 },
      { pose_t: Float64Array.of(), base: Float32Array.of() },
    );
  };
  return { asked, fetch };
}

const settle = () => new Promise((resolve) => setTimeout(resolve));

test("what is looked at and what comes next is fetched once", async () => {
  const { asked, fetch } = recordOf({ value: 60 * NS });
  const cache = new ChunkCache(fetch);
  const range = { start: 0, end: 60 * NS, speed: 1, playing: true };
  cache.want(5 * NS, range);
  cache.want(5 * NS, range);
  await settle();
  cache.want(5.5 * NS, range);
  await settle();
  assert.deepEqual(asked, [
    [4, 8, 0],
    [8, 12, 0],
  ]);
  assert.ok(cache.at(5 * NS));
  assert.equal(cache.at(20 * NS), null);
});

test("a standing cursor has its neighbours on both sides", async () => {
  const { asked, fetch } = recordOf({ value: 60 * NS });
  const cache = new ChunkCache(fetch);
  cache.want(9 * NS, { start: 0, end: 60 * NS });
  await settle();
  assert.deepEqual(asked.map(([t0]) => t0).sort((a, b) => a - b), [4, 8, 12]);
});

test("the faster it plays, the longer and coarser the tiles", () => {
  assert.equal(levelOf(1), 0);
  assert.equal(levelOf(5), 1);
  assert.equal(levelOf(20), 2);
});

test("a tile cut while the record grew is fetched again when more is there", async () => {
  const end = { value: 2 * NS };
  const { asked, fetch } = recordOf(end, false);
  const cache = new ChunkCache(fetch);
  cache.want(1 * NS, { start: 0, end: end.value });
  await settle();
  assert.ok(cache.at(1.5 * NS));
  assert.equal(cache.at(3 * NS), null);
  end.value = 3.5 * NS;
  cache.want(3 * NS, { start: 0, end: end.value });
  await settle();
  assert.equal(asked.length, 2);
  assert.ok(cache.at(3 * NS));
});

test("the edge of a live run comes by itself, in pieces that join", async () => {
  const end = { value: 10 * NS };
  const { asked, fetch } = recordOf(end, false);
  const cache = new ChunkCache(fetch);
  for (end.value of [10.1 * NS, 10.2 * NS]) cache.add(await fetch(end.value - 0.1 * NS, end.value, 0));
  asked.length = 0;
  assert.ok(cache.at(10.05 * NS));
  assert.ok(cache.at(10.15 * NS));
  end.value = 12 * NS;
  cache.add(await fetch(11.9 * NS, end.value, 0));
  assert.ok(cache.at(11.95 * NS));
  assert.equal(cache.at(11 * NS), null, "what was missed while the server was out of reach is not made up");
});

test("a failure is told and may be tried again", async () => {
  const errors = [];
  let works = false;
  const { fetch } = recordOf({ value: 60 * NS });
  const cache = new ChunkCache((...args) => (works ? fetch(...args) : Promise.reject(new Error("gone"))), {
    onError: (error) => errors.push(error.message),
  });
  cache.want(1 * NS, { start: 0, end: 3 * NS });
  await settle();
  assert.deepEqual(errors, ["gone"]);
  works = true;
  cache.want(1 * NS, { start: 0, end: 3 * NS });
  await settle();
  assert.ok(cache.at(1 * NS));
});
