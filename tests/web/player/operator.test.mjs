import assert from "node:assert/strict";
import test from "node:test";
import { alarmList, OperatorDesk, RENEW_MS } from "../../../web/player/src/operator.js";
import { createStore } from "../../../web/player/src/store.js";

const START = "operator.panel.op_start";
const settle = () => new Promise((resolve) => setTimeout(resolve));

function desk(answer) {
  const { events } = createStore();
  const sent = [];
  const send = async (request) => {
    sent.push(request);
    return answer(request);
  };
  const note = (t_ns, set) => (events.value = [...events.value, { t_ns, kind: "operator", name: "request", data: { set } }]);
  return { desk: new OperatorDesk(send, events), sent, note };
}

test("a button is let go only when the record shows it pushed", async () => {
  const { desk: it, sent, note } = desk(() => ({ t_ns: 5e9 }));
  note(1e9, { op_start: true });
  it.press(START);
  await settle();
  assert.deepEqual(sent, [{ [START]: true }]);
  assert.equal(it.requests.value[0].status, "taken");
  assert.equal(it.requests.value[0].t, 5e9);
  note(5e9, { op_start: true });
  await settle();
  assert.deepEqual(sent, [{ [START]: true }, { [START]: false }]);
  assert.equal(it.requests.value[0].status, "recorded");
});

test("what a run that stands has not taken yet waits", async () => {
  const { desk: it, note } = desk(() => ({ t_ns: null }));
  it.set("operator.panel.op_mode", "manual");
  await settle();
  assert.equal(it.requests.value[0].status, "standing");
  note(7e9, { op_mode: "manual" });
  await settle();
  assert.deepEqual([it.requests.value[0].status, it.requests.value[0].t], ["recorded", 7e9]);
});

test("a refusal is told with its reason", async () => {
  const { desk: it, sent } = desk(() => {
    throw new Error("op_start: expected true or false, got 3");
  });
  await it.press(START);
  assert.equal(sent.length, 1, "what was never pushed is not let go");
  assert.equal(it.requests.value[0].status, "refused");
  assert.match(it.requests.value[0].reason, /true or false/);
});

test("what is held is asked for again until it is let go, one call at a time", async () => {
  let answer = null;
  const { desk: it, sent } = desk(() => new Promise((resolve) => (answer = resolve)));
  const [axis, speed] = ["operator.panel.op_jog_axis", "operator.panel.op_jog_speed_frac"];
  const stop = it.hold({ [axis]: "shuttle.lift", [speed]: 0.3 }, { [axis]: "none", [speed]: 0 });
  await new Promise((resolve) => setTimeout(resolve, 3 * RENEW_MS));
  assert.equal(sent.length, 1, "the first has not been answered");
  answer({ t_ns: 1e9 });
  await new Promise((resolve) => setTimeout(resolve, 2 * RENEW_MS));
  assert.deepEqual(sent, [sent[0], sent[0]]);
  answer({ t_ns: 1.1e9 });
  stop();
  stop();
  await new Promise((resolve) => setTimeout(resolve, 2 * RENEW_MS));
  assert.deepEqual(sent.at(-1), { [axis]: "none", [speed]: 0 });
  assert.equal(sent.length, 3, "let go once, and nothing more");
  assert.deepEqual([it.requests.value.length, it.requests.value[0].value], [1, "shuttle.lift"]);
});

test("what was renewed too late is released, and does not go on by itself", async () => {
  let late = false;
  const { desk: it, sent } = desk(() => {
    if (late) throw new Error("op_lock: expected to be released and pressed again, got renewed too late");
    return { t_ns: 1e9 };
  });
  let lost = 0;
  const stop = it.hold({ op_lock: true }, { op_lock: false }, { lost: () => (lost += 1) });
  await settle();
  late = true;
  await new Promise((resolve) => setTimeout(resolve, 3 * RENEW_MS));
  assert.deepEqual(sent.slice(-2), [{ op_lock: true }, { op_lock: false }]);
  assert.deepEqual([lost, it.requests.value[0].status], [1, "refused"]);
  const count = sent.length;
  late = false;
  stop();
  await new Promise((resolve) => setTimeout(resolve, 2 * RENEW_MS));
  assert.equal(sent.length, count);
});

test("a switch that was put but did not obey is put again by an edge", async () => {
  const { desk: it, sent, note } = desk((request) => {
    queueMicrotask(() => note(5e9, request));
    return { t_ns: 5e9 };
  });
  await it.turn("isolator.lift.op_off", true, true);
  assert.deepEqual(sent, [{ "isolator.lift.op_off": false }, { "isolator.lift.op_off": true }]);
  await it.turn("isolator.lift.op_off", false, true);
  assert.equal(sent.length, 3);
});

test("the alarm list: what nobody acknowledged first, then the worst; what is gone and was seen is not in it", () => {
  const alarm = (t, name, edge, kind) => ({ t_ns: t, kind: "alarm", name, message: "", data: { edge, class: kind } });
  const events = [
    alarm(1, "a.b.alm_c", "raised", "C"),
    alarm(2, "a.b.alm_gone", "raised", "B"),
    alarm(3, "a.b.alm_gone", "cleared", "B"),
    { t_ns: 4, kind: "operator", name: "request", data: { set: { op_acknowledge: true } } },
    alarm(5, "a.b.alm_d", "raised", "D"),
    alarm(6, "a.b.alm_stop", "raised", "A1"),
    alarm(7, "a.b.alm_d", "cleared", "D"),
  ];
  const list = (t) => alarmList(events, t, "operator.panel.op_acknowledge").map((one) => [one.name.split("alm_")[1], one.standing, one.acknowledged]);
  assert.deepEqual(list(3), [["gone", false, false], ["c", true, false]]);
  assert.deepEqual(list(4), [["c", true, true]]);
  assert.deepEqual(list(9), [["stop", true, false], ["d", false, false], ["c", true, true]]);
});
