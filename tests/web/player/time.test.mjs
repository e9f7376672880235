import assert from "node:assert/strict";
import test from "node:test";

process.env.TZ = "Asia/Shanghai";
const { dateText, instantText, readTime, startOf, zoneText } = await import("../../../web/player/src/time.js");

const start_ms = Date.parse("2026-11-22T15:59:00Z"); // 23:59:00 in Shanghai
const HOURS = { zero_ms: start_ms, from: 0, to: 3 * 3600e9, wall: false };
const seconds = (typed, options = HOURS) => readTime(typed, options).t / 1e9;

test("seconds and clocks since the start", () => {
  assert.equal(seconds("133.5"), 133.5);
  assert.equal(seconds(" 2:10.9 "), 130.9);
  assert.equal(seconds("02:13:40"), 8020);
  assert.equal(seconds("90:00"), 5400, "minutes alone may be many");
  assert.equal(seconds("2：10，9"), 130.9, "as a Chinese keyboard writes it");
});

test("by the wall clock, over midnight", () => {
  const wall = { ...HOURS, wall: true };
  assert.equal(seconds("23:59:30", wall), 30);
  assert.equal(seconds("00:00:10.5", wall), 70.5);
  assert.equal(seconds("01:00", wall), 3660);
  assert.equal(seconds("2:10.9", wall), 130.9, "no wall clock has fractions of a minute");
});

test("what the record does not have one way is read the other way", () => {
  const short = { zero_ms: start_ms, from: 0, to: 120e9, wall: false };
  assert.equal(seconds("23:59:30", short), 30);
  assert.equal(seconds("0:45", { ...short, wall: true }), 45);
});

test("a date with a time, here or in a zone that is named", () => {
  assert.equal(seconds("2026-11-23 00:00:00"), 60);
  assert.equal(seconds("2026-11-22T16:00:00.25Z"), 60.25);
  assert.equal(seconds("2026-11-22 17:00 +01:00"), 60);
});

test("what is no time, and what the record does not have", () => {
  for (const typed of ["", "soon", "1:2:3:4", "2:75", "2026-13-40 00:00", "-5"]) {
    assert.deepEqual(readTime(typed, HOURS), { error: "not_a_time" }, typed);
  }
  assert.deepEqual(readTime("99999", HOURS), { error: "outside" });
  assert.deepEqual(readTime("2026-11-21 00:00", HOURS), { error: "outside" });
  assert.deepEqual(readTime("2026-11-22 23:59", { ...HOURS, zero_ms: null }), { error: "not_a_time" });
});

test("a page of a stretch reads the times of its log", () => {
  const stretch = { zero_ms: start_ms, from: 80e9, to: 120e9, wall: false };
  assert.equal(seconds("1:30", stretch), 90);
  assert.equal(seconds("2026-11-23 00:00:30", stretch), 90);
  assert.deepEqual(readTime("30", stretch), { error: "outside" });
});

test("an instant is written either way", () => {
  assert.equal(instantText(70.55e9), "1:10.5");
  assert.equal(instantText(70.55e9, start_ms), "00:00:10.5");
  assert.equal(instantText(70.5e9, start_ms + 600), "00:00:11.1", "a start between seconds");
  assert.equal(dateText(start_ms), "2026-11-22");
  assert.equal(zoneText(start_ms), "UTC+08:00");
});

test("a record that does not say when it began has no wall clock", () => {
  assert.equal(startOf({ metadata: {} }), null);
  assert.equal(startOf({ metadata: { started_at: "2026-11-22T15:59:00Z" } }), start_ms);
});
