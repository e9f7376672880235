import assert from "node:assert/strict";
import test from "node:test";
import { catalogueOf } from "../../../web/player/src/catalogue.js";
import { entriesOf, holdsAt, lastBegun } from "../../../web/player/src/events.js";
import { entryText, lastedText, placeOf } from "../../../web/player/src/ui/alarms/words.js";

const at = (t, kind, name, data = {}) => ({ t_ns: t, kind, name, message: "", data });

test("what begins and ends is one entry that lasted", () => {
  const entries = entriesOf([
    at(0, "state", "Idle"),
    at(1, "phase", "park", { edge: "start" }),
    at(2, "alarm", "a.b.alm_x", { edge: "raised", class: "B" }),
    at(3, "fault", "lock_stuck"),
    at(4, "phase", "park", { edge: "end" }),
    at(5, "state", "Held"),
    at(6, "alarm", "a.b.alm_x", { edge: "cleared", class: "B" }),
    at(7, "alarm", "a.b.alm_x", { edge: "raised", class: "B" }),
    at(8, "weather", "rain"),
  ]);
  assert.deepEqual(
    entries.map(({ kind, name, start, end }) => [kind, name, start, end]),
    [
      ["state", "Idle", 0, 5],
      ["phase", "park", 1, 4],
      ["alarm", "a.b.alm_x", 2, 6],
      ["fault", "lock_stuck", 3, undefined],
      ["state", "Held", 5, null],
      ["alarm", "a.b.alm_x", 7, null],
      ["other", "rain", 8, undefined],
    ],
  );
});

test("what holds at an instant", () => {
  const [idle, fault, held] = entriesOf([at(0, "state", "Idle"), at(3, "fault", "lock_stuck"), at(5, "state", "Held")]);
  assert.ok(holdsAt(idle, 4) && !holdsAt(idle, 5));
  assert.ok(holdsAt(held, 1e12) && !holdsAt(held, 4));
  assert.ok(!holdsAt(fault, 3));
  assert.equal(lastBegun([idle, fault, held], 4), 1);
  assert.equal(lastBegun([idle, fault, held], -1), -1);
});

test("an edge without its counterpart is no entry of its own", () => {
  assert.deepEqual(entriesOf([at(1, "alarm", "a.b.alm_x", { edge: "cleared" })]), []);
});

test("fifty thousand events are no trouble", () => {
  const many = Array.from({ length: 50_000 }, (_, i) => at(i, "alarm", `a.b.alm_${i % 500}`, { edge: i % 1000 < 500 ? "raised" : "cleared" }));
  const began = performance.now();
  assert.equal(entriesOf(many).length, 25_000);
  assert.ok(performance.now() - began < 500);
});

test("an event is told in words, with what the record calls its place", () => {
  const catalogue = catalogueOf({
    tables: { operator: [{ name: "operator.panel.op_mode", type: "enum", labels: { 2: "manual" }, text: { en: "mode asked for", zh: "请求模式" } }] },
  });
  const [fault, cleared, live, script, alarm] = entriesOf([
    at(0, "fault", "lock_stuck", { fault: { name: "lock_stuck", target: "bracket2.lock3" } }),
    at(1, "fault", "lock_stuck", { clear: { name: "lock_stuck", target: "bracket2.lock3" } }),
    at(2, "operator", "request", { set: { "operator.panel.op_mode": 2 } }),
    at(3, "operator", "operator", { operator: { set: { op_mode: "manual" } } }),
    at(4, "alarm", "a.b.alm_x", { edge: "raised", class: "B" }),
  ]);
  assert.equal(entryText(fault, catalogue, "en"), "Lock stuck");
  assert.equal(placeOf(fault), "bracket2.lock3");
  assert.equal(entryText(cleared, catalogue, "zh"), "锁卡滞 已解除");
  assert.equal(entryText(live, catalogue, "en"), "mode asked for: Manual");
  assert.equal(entryText(script, catalogue, "zh"), "请求模式: 手动");
  assert.equal(placeOf(alarm), "a.b.alm_x");
});

test("how long it lasted", () => {
  const lasted = (end) => lastedText({ start: 0, end }, "en");
  assert.equal(lasted(undefined), "");
  assert.equal(lasted(null), "goes on");
  assert.equal(lasted(2.5e9), "2.50 s");
  assert.equal(lasted(63.21e9), "1:03.2");
});
