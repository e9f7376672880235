import assert from "node:assert/strict";
import test from "node:test";
import { INFERRED, Known, MEASURED, reasonsOf, UNKNOWN } from "../../../web/player/src/known.js";

// Frame 0 stands still; frame 1 is unknown, measured from 2 s, inferred from 5 s on; nothing is said of frame 2.
const known = new Known(
  {
    known_frame: Uint16Array.of(0, 1, 1, 1),
    known_t: Float64Array.of(0, 0, 2e9, 5e9),
    known_state: Uint8Array.of(MEASURED, UNKNOWN, MEASURED, INFERRED),
    known_m: Float32Array.of(0, Infinity, 0.001, 0.5),
    known_rad: Float32Array.of(0, 0, 0, 0),
  },
  3,
  10e9,
);

test("each frame has the state of the last row that has begun", () => {
  const out = new Uint8Array(3);
  const at = (s) => (known.states(10e9 + s * 1e9, out), [...out]);
  assert.deepEqual(at(0), [MEASURED, UNKNOWN, MEASURED]);
  assert.deepEqual(at(1.999), [MEASURED, UNKNOWN, MEASURED]);
  assert.deepEqual(at(2), [MEASURED, MEASURED, MEASURED]);
  assert.deepEqual(at(60), [MEASURED, INFERRED, MEASURED]);
  assert.deepEqual(at(-1), [MEASURED, UNKNOWN, MEASURED]);
});

test("an error is told, and where nothing bounds it, that", () => {
  assert.deepEqual(known.at(1, 16e9), { state: INFERRED, m: 0.5, rad: 0 });
  assert.equal(known.at(1, 10e9).m, Infinity);
  assert.equal(known.at(2, 10e9), null);
});

test("the reasons are the findings of that time about the signals it follows from", () => {
  const entry = (key, start, end, data) => ({ key, kind: "data", start, end, data });
  const entries = [
    entry("one tag", 0, 10, { subject: "plc/x" }),
    entry("other tag", 0, 10, { subject: "plc/y" }),
    entry("tags of it", 0, 10, { subject: "plc", tags: ["x", "z"] }),
    entry("others of it", 0, 10, { subject: "plc", tags: ["y", "z"] }),
    entry("whole stream", 5, undefined, { subject: "plc" }),
    entry("before", 0, 4, { subject: "plc/x" }),
    entry("goes on", 5, null, { subject: "plc/x" }),
    { key: "alarm", kind: "alarm", start: 0, end: 10, data: { subject: "plc/x" } },
  ];
  assert.deepEqual(reasonsOf([], [entry("a pack", 0, 9, { subject: "QJ75-0001" })], 5, ["pack.QJ75-0001", "QJ75-0001"]).length, 1);
  const found = reasonsOf([{ source: "plc/x" }, {}], entries, 5).map(({ key }) => key);
  assert.deepEqual(found, ["one tag", "tags of it", "whole stream", "goes on"]);
});
