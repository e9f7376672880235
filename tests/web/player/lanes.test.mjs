import assert from "node:assert/strict";
import test from "node:test";
import { activeAt, currentAt, lanesOf, nextIn, stack } from "../../../web/player/src/lanes.js";

const event = (t, kind, name, data = {}) => ({ t_ns: t, kind, name, message: "", data });

const EVENTS = [
  event(0, "state", "Idle"),
  event(10, "state", "Execute"),
  event(10, "phase", "park", { edge: "start" }),
  event(20, "phase", "park", { edge: "end" }),
  event(20, "phase", "raise", { edge: "start" }),
  event(30, "alarm", "a.b.alm_x", { edge: "raised", class: "B" }),
  event(35, "fault", "lock_stuck"),
  event(40, "alarm", "a.b.alm_x", { edge: "cleared", class: "B" }),
  event(50, "phase", "park", { edge: "start" }),
];

test("a stretch without data is a span of its own lane", () => {
  const gap = { finding: "gap", subject: "robot" };
  const { data, times } = lanesOf([
    event(5, "data", "gap robot 1", { ...gap, edge: "start" }),
    event(9, "data", "gap robot 1", { ...gap, edge: "end" }),
  ]);
  assert.deepEqual(data, [{ name: "gap robot 1", start: 5, end: 9, ...gap, data: { ...gap, edge: "start" } }]);
  assert.deepEqual([...times], [5]);
});

test("edges become spans; what has not ended is open", () => {
  const { phases } = lanesOf(EVENTS);
  assert.deepEqual(
    phases.map(({ name, start, end }) => [name, start, end]),
    [
      ["park", 10, 20],
      ["raise", 20, null],
      ["park", 50, null],
    ],
  );
});

test("a state lasts until the next", () => {
  const { states } = lanesOf(EVENTS);
  assert.equal(currentAt(states, 5).name, "Idle");
  assert.equal(currentAt(states, 99).name, "Execute");
  assert.equal(currentAt(states, -1), null);
});

test("an alarm stands from raised to cleared, with its class", () => {
  const { alarms } = lanesOf(EVENTS);
  assert.deepEqual(activeAt(alarms, 30).map((span) => span.class), ["B"]);
  assert.deepEqual(activeAt(alarms, 40), []);
});

test("an end without a start is left out, a second start is the same span", () => {
  const { phases } = lanesOf([
    event(5, "phase", "seat", { edge: "end" }),
    event(6, "phase", "lock", { edge: "start" }),
    event(7, "phase", "lock", { edge: "start" }),
    event(8, "phase", "lock", { edge: "end" }),
  ]);
  assert.deepEqual(phases.map(({ start, end }) => [start, end]), [[6, 8]]);
});

test("spans that overlap are stacked", () => {
  const spans = [{ start: 0, end: 10 }, { start: 5, end: 15 }, { start: 10, end: null }, { start: 12, end: 20 }];
  assert.equal(stack(spans), 3);
  assert.deepEqual(spans.map((span) => span.row), [0, 1, 0, 2]);
});

test("jumping goes to the next beginning of any kind, or of an alarm, and back", () => {
  const { times, alarmTimes } = lanesOf(EVENTS.map((item) => ({ ...item, t_ns: item.t_ns * 1e8 })));
  assert.equal(nextIn(times, 20e8, 1), 30e8);
  assert.equal(nextIn(times, 20e8, -1), 10e8);
  assert.equal(nextIn(times, 50e8, 1), null);
  assert.equal(nextIn(times, 0, -1), null);
  assert.equal(nextIn(alarmTimes, 0, 1), 30e8);
  assert.equal(nextIn(alarmTimes, 30e8, 1), null);
});

test("lanes of 50,000 events are quick to make", () => {
  const many = Array.from({ length: 50_000 }, (_, i) => event(i * 1e8, "alarm", `a.b.alm_${i % 40}`, { edge: i % 80 < 40 ? "raised" : "cleared" }));
  const began = performance.now();
  const { alarms } = lanesOf(many);
  stack(alarms);
  assert.equal(alarms.length, 25_000);
  assert.ok(performance.now() - began < 1000);
});
