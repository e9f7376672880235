// The lesson: who may ask for what, and what is said of it over the picture.

import assert from "node:assert/strict";
import { test } from "node:test";
import { LessonDesk, mayAsk, spoken } from "../../../web/player/src/lesson.js";

const GUARDIANS = ["operator.crew.op_confirmed", "isolator.*.op_lock2"];
const ESTOP = "operator.estop.op_pressed";
const told = (role, guardians = GUARDIANS) => ({ role, guardians, anybodys: [ESTOP] });
const may = (page) => ["operator.crew.op_confirmed", "isolator.mains.op_lock2", "isolator.mains.op_lock1", "operator.panel.op_start"].map((name) => mayAsk(page, name));

test("of two people each may ask for what is his own", () => {
  assert.deepEqual(may(told("operator")), [false, false, true, true]);
  assert.deepEqual(may(told("guardian")), [true, true, false, false]);
  assert.equal(mayAsk(told("guardian"), "isolatorXmains.op_lock2"), false);
});

test("either of them may press the emergency stop, and who looks on may not", () => {
  assert.deepEqual(["operator", "guardian", "onlooker"].map((role) => mayAsk(told(role), ESTOP)), [true, true, false]);
});

test("who is alone at the station may ask for everything, and who looks on for nothing", () => {
  assert.deepEqual(may(told("operator", [])), [true, true, true, true]);
  assert.deepEqual(may(null), [true, true, true, true]);
  assert.deepEqual(may(told("onlooker")), [false, false, false, false]);
});

test("the instructor's last word is said, and why it is held, until it has ended", () => {
  const page = { state: "standing", held: ["instructor"], words: [{ text: "Wait" }, { text: "Look" }] };
  assert.deepEqual(spoken(page), { word: { text: "Look" }, held: ["instructor"] });
  assert.deepEqual(spoken({ ...page, state: "ended", words: [] }), { word: null, held: [] });
});

test("who begins to follow anew, or closes, is alone: a late answer asks no more", async (context) => {
  const [later, waiting] = [[], []];
  const { setTimeout } = globalThis;
  globalThis.setTimeout = (action) => later.push(action);
  context.after(() => (globalThis.setTimeout = setTimeout));
  const source = { lesson: () => new Promise((_, refuse) => waiting.push(refuse)) };
  const desk = new LessonDesk({ source, store: { lessonError: { value: "" } } });
  const askedAgain = async () => {
    waiting.splice(0).forEach((refuse) => refuse(new Error("not now")));
    await new Promise(setImmediate);
    later.splice(0).forEach((action) => action());
    return waiting.length;
  };
  desk.follow();
  desk.follow();
  assert.equal(await askedAgain(), 1);
  desk.close();
  assert.equal(await askedAgain(), 0);
});
