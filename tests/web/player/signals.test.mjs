import assert from "node:assert/strict";
import test from "node:test";
import { NS } from "../../../web/player/src/clock.js";
import { FINEST_NS, levelOf, Signals } from "../../../web/player/src/signals.js";
import { packChunk } from "./pack.mjs";

const SCAN = 0.1 * NS;
const settle = () => new Promise((resolve) => setTimeout(resolve, 2));

/** A record of a.b.pv_x = seconds and a.b.st_on, on from second 5; rows every 0.1 s; it remembers what was asked. */
function record(seconds, { finished = true } = {}) {
  const state = { end: seconds * NS, finished, asked: [], works: true };
  const valueOf = { "a.b.pv_x": (t) => t / NS, "a.b.st_on": (t) => Number(t >= 5 * NS) };
  const fetch = async (t0, t1, buckets, names) => {
    state.asked.push({ t0, t1, buckets, names });
    if (!state.works) throw new Error("gone");
    const rows = [];
    for (let t = Math.ceil(t0 / SCAN) * SCAN - SCAN; t <= Math.min(t1, state.end); t += SCAN) if (t >= 0) rows.push(t);
    const signals = names.map((name, i) => ({
      name, steps: name.includes("st_"), start: i * rows.length, length: rows.length, exact: true, last_ns: rows.at(-1) ?? -1,
    }));
    return packChunk(
      { t0_ns: t0, t1_ns: t1, end_ns: state.end, finished: state.finished, signals },
      {
        t: Float64Array.from(names.flatMap(() => rows.map((t) => t - t0))),
        v: Float64Array.from(names.flatMap((name) => rows.map(valueOf[name]))),
      },
    );
  };
  const manifest = {
    tables: { plant: [{ name: "a.b.pv_x", type: "real" }, { name: "a.b.st_on", type: "bool" }] },
    metadata: { scan_ns: String(SCAN) },
    start_ns: 0,
    end_ns: state.end,
    finished,
    running: !finished,
  };
  return { state, fetch, manifest };
}

function opened(...args) {
  const { state, fetch, manifest } = record(...args);
  const errors = [];
  const signals = new Signals({ onError: (error) => errors.push(error.message) });
  signals.open(manifest, fetch);
  return { signals, state, errors };
}

test("a value is fetched when it is asked for, once, and all that are asked for together", async () => {
  const { signals, state } = opened(60);
  assert.equal(signals.value("a.b.pv_x", 3 * NS), undefined);
  assert.equal(signals.value("a.b.st_on", 3 * NS), undefined);
  const before = signals.arrived.value;
  await settle();
  assert.equal(signals.value("a.b.pv_x", 3.04 * NS), 3);
  assert.equal(signals.value("a.b.st_on", 3 * NS), 0);
  assert.equal(state.asked.length, 1);
  assert.ok(signals.arrived.value > before);
});

test("a value of a signal that the record does not have is never asked for", async () => {
  const { signals, state } = opened(60);
  assert.equal(signals.value("a.b.pv_y", 0), undefined);
  await settle();
  assert.equal(state.asked.length, 0);
});

test("what is watched is at hand where the cursor is and where it will be", async () => {
  const { signals, state } = opened(60);
  const release = signals.watch(["a.b.pv_x"]);
  signals.follow(7.5 * NS, { playing: true, speed: 1 });
  await settle();
  assert.deepEqual(state.asked.map(({ t0 }) => t0 / NS).sort(), [0, 8]);
  release();
  release();
  signals.follow(30 * NS);
  await settle();
  assert.equal(state.asked.length, 2);
});

test("a series joins tiles without repeating a sample", async () => {
  const { signals } = opened(60);
  signals.series("a.b.pv_x", 2 * NS, 14 * NS);
  await settle();
  const { t, v, steps, complete } = signals.series("a.b.pv_x", 2 * NS, 14 * NS);
  assert.ok(complete && !steps);
  for (let i = 1; i < t.length; i++) assert.ok(t[i] > t[i - 1]);
  assert.ok(t[0] <= 2 * NS && t.at(-1) >= 14 * NS);
  assert.ok(v.every((value, i) => Math.abs(value - t[i] / NS) < 1e-9));
});

test("until a finer tile is there, the coarser one is shown", async () => {
  const { signals } = opened(60);
  signals.series("a.b.pv_x", 0, 60 * NS);
  await settle();
  const { t, complete } = signals.series("a.b.pv_x", 20 * NS, 22 * NS);
  assert.ok(!complete);
  assert.ok(t.length >= 20 && t[0] <= 20 * NS && t.at(-1) >= 22 * NS);
});

test("the longer the span, the coarser the level", () => {
  assert.equal(levelOf(2 * FINEST_NS), 0);
  assert.equal(levelOf(2 * FINEST_NS + 1), 1);
  assert.equal(levelOf(60 * FINEST_NS), 5);
});

test("a growing record is read on from its last row", async () => {
  const { signals, state } = opened(2, { finished: false });
  signals.value("a.b.pv_x", 2 * NS);
  await settle();
  state.end = 3 * NS;
  signals.grow(3 * NS, true);
  assert.equal(signals.value("a.b.pv_x", 3 * NS), 2, "the latest that is known");
  await settle();
  assert.equal(signals.value("a.b.pv_x", 3 * NS), 3);
  assert.equal(state.asked[1].t0, 2 * NS + 1);
  const { t } = signals.series("a.b.pv_x", 0, 3 * NS);
  assert.equal(t.length, 31);
  state.finished = true;
  state.end = 3.1 * NS;
  signals.grow(3.1 * NS, false);
  signals.value("a.b.pv_x", 3.1 * NS);
  await settle();
  assert.ok(Math.abs(signals.value("a.b.pv_x", 3.1 * NS) - 3.1) < 1e-9);
  const asked = state.asked.length;
  signals.value("a.b.pv_x", 3.1 * NS);
  await settle();
  assert.equal(state.asked.length, asked, "a finished record is not asked again");
});

test("a value that nobody writes any more is held, and one before the first sample is missing", async () => {
  const { signals, state } = opened(60);
  state.end = 4 * NS; // rows end here, the record goes on
  signals.value("a.b.pv_x", 7 * NS);
  await settle();
  assert.deepEqual(signals.sample("a.b.pv_x", 4.2 * NS), { value: 4, since: 4 * NS, held: false });
  assert.deepEqual(signals.sample("a.b.pv_x", 7 * NS), { value: 4, since: 4 * NS, held: true });
  assert.ok(Number.isNaN(signals.value("a.b.pv_x", -1)) || signals.value("a.b.pv_x", -1) === undefined);
});

test("at the growing end the latest value stands until the next tile has come", async () => {
  const { signals, state } = opened(7.9, { finished: false });
  signals.value("a.b.pv_x", 7.9 * NS);
  await settle();
  state.end = 8.5 * NS;
  signals.grow(8.5 * NS, true);
  const { value, held } = signals.sample("a.b.pv_x", 8.5 * NS);
  assert.ok(Math.abs(value - 7.9) < 1e-9 && held);
  await settle();
  assert.deepEqual(signals.sample("a.b.pv_x", 8.5 * NS).held, false);
});

test("what fails is told, and tried again after a while", async () => {
  const { signals, state, errors } = opened(60);
  state.works = false;
  signals.value("a.b.pv_x", 0);
  await settle();
  signals.value("a.b.pv_x", 0);
  await settle();
  assert.deepEqual(errors, ["gone"]);
  state.works = true;
  signals.pausedUntil = 0;
  signals.value("a.b.pv_x", 0);
  await settle();
  assert.equal(signals.value("a.b.pv_x", 0), 0);
});

test("a record that was closed meanwhile leaves nothing behind", async () => {
  const { signals, state } = opened(60);
  signals.value("a.b.pv_x", 0);
  const other = record(10);
  signals.open(other.manifest, other.fetch);
  await settle();
  assert.equal(signals.tiles.size, 0);
  assert.equal(state.asked.length <= 1, true);
  signals.value("a.b.pv_x", 1 * NS);
  await settle();
  assert.equal(signals.value("a.b.pv_x", 1 * NS), 1);
});
