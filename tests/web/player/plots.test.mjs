import assert from "node:assert/strict";
import test from "node:test";
import { aligned, alone } from "../../../web/player/src/ui/plots/aligned.js";
import { bandsOf, groupsOf, moved } from "../../../web/player/src/ui/plots/group.js";
import { ticksOf } from "../../../web/player/src/ui/plots/ticks.js";

const S = 1e9;
const series = (t, v, steps = false) => ({ t: Float64Array.from(t), v: Float64Array.from(v), steps });

test("series of different times share one axis, and a gap is not bridged", () => {
  const [t, a, b] = aligned([series([0, 1 * S, 2 * S], [1, NaN, 3]), series([0.5 * S, 2 * S], [7, 8])], 2 * S);
  assert.deepEqual(t, [0, 0.5, 1, 2]);
  assert.deepEqual(a, [1, , null, 3]);
  assert.deepEqual(b, [, 7, , 8]);
  assert.equal(a[1], undefined);
});

test("series of the same times stay as they are", () => {
  const [t, a] = aligned([series([0, S], [1, 2]), series([0, S], [3, 4])], S);
  assert.deepEqual([t, a], [[0, 1], [1, 2]]);
});

test("a held number is a staircase up to what is recorded", () => {
  const [t, v] = aligned([series([0, 2 * S], [1, 5], true)], 3 * S);
  assert.deepEqual(t, [0, 2 - 1e-9, 2, 3]);
  assert.deepEqual(v, [1, 1, 5, 5]);
});

test("a sample between two gaps is a point", () => {
  assert.deepEqual(alone([null, 4, null, 1, 2]), [1]);
  assert.deepEqual(alone([undefined, 4, undefined, null, 7, undefined]), [1, 4]);
});

const signals = new Map(
  [["a.b.pv_x_m", "real", "m"], ["a.b.pv_y_m", "real", "m"], ["a.b.pv_f_n", "real", "N"], ["a.b.st_on", "bool", ""], ["a.b.seq_n", "int", ""]].map(
    ([name, type, unit]) => [name, { name, type, unit }],
  ),
);

test("numbers of one unit share a chart, words have lanes", () => {
  const { charts, lanes } = groupsOf(["a.b.st_on", "a.b.pv_x_m", "a.b.pv_f_n", "a.b.seq_n", "a.b.pv_y_m", "a.b.gone"], signals);
  assert.deepEqual(charts.map(({ unit, signals: list }) => [unit, list.map(({ name }) => name)]), [
    ["m", ["a.b.pv_x_m", "a.b.pv_y_m"]],
    ["N", ["a.b.pv_f_n"]],
    ["", ["a.b.seq_n"]],
  ]);
  assert.deepEqual(lanes.map(({ name }) => name), ["a.b.st_on"]);
});

test("a signal moves among those it is drawn with", () => {
  const names = ["a.b.pv_x_m", "a.b.pv_f_n", "a.b.pv_y_m"];
  assert.deepEqual(moved(names, "a.b.pv_y_m", -1, signals), ["a.b.pv_y_m", "a.b.pv_f_n", "a.b.pv_x_m"]);
  assert.equal(moved(names, "a.b.pv_x_m", -1, signals), names);
});

test("bands join equal values and leave out what is missing", () => {
  const bands = bandsOf(series([0, 10, 20, 30, 40], [1, 1, NaN, 0, 1], true), 5, 45);
  assert.deepEqual(bands, [
    { t0: 5, t1: 20, value: 1 },
    { t0: 30, t1: 40, value: 0 },
    { t0: 40, t1: 45, value: 1 },
  ]);
});

test("ticks are at round times from where they count, and not too many", () => {
  assert.deepEqual(ticksOf([0, 10 * S], 0, 500).ticks, [0, 2 * S, 4 * S, 6 * S, 8 * S, 10 * S]);
  assert.deepEqual(ticksOf([0, 10 * S], -1 * S, 500).ticks, [1 * S, 3 * S, 5 * S, 7 * S, 9 * S]);
  assert.ok(ticksOf([0, 86400 * S], 0, 800).ticks.length <= 10);
});
