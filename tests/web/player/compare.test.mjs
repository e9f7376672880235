import assert from "node:assert/strict";
import test from "node:test";
import { through } from "../../../web/player/src/compare.js";
import { completed, offered, wordAt } from "../../../web/player/src/ui/search/complete.js";

test("instants go through the anchors, straight between them and on in parallel", () => {
  const [a, b] = [[10, 20, 40], [100, 110, 190]];
  assert.equal(through(20, a, b), 110);
  assert.equal(through(30, a, b), 150);
  assert.equal(through(5, a, b), 95);
  assert.equal(through(50, a, b), 200);
  assert.equal(through(150, b, a), 30);
  assert.equal(through(7, [], []), 7);
});

const SIGNALS = [
  { name: "shuttle.lift.pv_force_n", source: "plc/提升力", text: { en: "lift force", zh: "提升力" } },
  { name: "shuttle.lift.pv_position_m", source: "", text: {} },
  { name: "bay.clamp.pv_force_n", source: "", text: {} },
];
const names = (value) => offered(value, value.length, SIGNALS).map(({ name }) => name);

test("signals are offered by what is being typed: name, the log's own name, text", () => {
  assert.deepEqual(names("not shuttle.lift.pv_po"), ["shuttle.lift.pv_position_m"]);
  assert.deepEqual(names("提升"), ["shuttle.lift.pv_force_n"]);
  assert.deepEqual(names("pv_force"), ["shuttle.lift.pv_force_n", "bay.clamp.pv_force_n"]);
  assert.deepEqual(names("x"), []);
  assert.deepEqual(names("shuttle.lift.pv_force_n"), [], "what is whole needs no offer");
});

test("what is taken replaces the word at the cursor", () => {
  assert.equal(wordAt("a and shu", 9), "shu");
  assert.deepEqual(completed("a and shu > 3", 9, "shuttle.x.st_y"), { value: "a and shuttle.x.st_y > 3", at: 20 });
  assert.deepEqual(completed("提升", 2, "shuttle.x.st_y"), { value: "shuttle.x.st_y ", at: 15 });
});
