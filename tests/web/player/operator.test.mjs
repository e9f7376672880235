import assert from "node:assert/strict";
import test from "node:test";
import { OperatorDesk } from "../../../web/player/src/operator.js";
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
