import assert from "node:assert/strict";
import test from "node:test";
import { TimeRange } from "../../../web/player/src/range.js";

const make = () => new TimeRange({ start: 0, end: 100e9 });
const shown = ({ from, to }) => [from / 1e9, to / 1e9];

test("at first all of the record, also as it grows", () => {
  const clock = { start: 0, end: 100e9 };
  const range = new TimeRange(clock);
  clock.end = 120e9;
  assert.deepEqual(shown(range), [0, 120]);
});

test("zooming keeps the instant under the pointer where it is", () => {
  const range = make();
  range.zoom(0.5, 20e9);
  assert.deepEqual(shown(range), [10, 60]);
  range.zoom(2, 20e9);
  assert.deepEqual(shown(range), [0, 100]);
  assert.equal(range.part.value, null, "all of it is all of it, however it grows");
});

test("no closer than what can be told apart, and never outside", () => {
  const range = make();
  for (let i = 0; i < 50; i++) range.zoom(0.5, 100e9);
  assert.ok(Math.abs(range.span - 0.2e9) < 1);
  assert.equal(range.to, 100e9);
  range.pan(5e9);
  assert.equal(range.to, 100e9);
  range.pan(-500e9);
  assert.equal(range.from, 0);
});

test("a cursor that leaves is followed", () => {
  const range = make();
  range.zoom(0.1, 0);
  range.keep(5e9);
  assert.deepEqual(shown(range), [0, 10]);
  range.keep(12e9);
  assert.deepEqual(shown(range), [11, 21]);
});
