import assert from "node:assert/strict";
import test from "node:test";
import { sparkPath } from "../../../web/player/src/spark.js";
import { differenceOf, numberText, valueText } from "../../../web/player/src/values.js";

test("numbers have the digits that help", () => {
  const shown = (value) => numberText(value);
  assert.equal(shown(0), "0.0000");
  assert.equal(shown(0.1234567), "0.1235");
  assert.equal(shown(-2.5), "−2.500");
  assert.equal(shown(12262.4), "12262");
  assert.equal(shown(0.00001), "1.0e−5");
  assert.equal(shown(-0.00004), "−4.0e−5");
  assert.equal(shown(3e12), "3.0e+12");
});

test("values are told in words of the language", () => {
  assert.equal(valueText({ type: "bool" }, 1, "en"), "yes");
  assert.equal(valueText({ type: "bool" }, 0, "zh"), "否");
  assert.equal(valueText({ type: "enum", labels: { 4: "Execute" } }, 4, "zh"), "运行");
  assert.equal(valueText({ type: "enum", labels: { 4: "Execute" } }, 5, "zh"), "5");
  assert.equal(valueText({ type: "real" }, NaN, "en"), "missing");
  assert.equal(valueText({ type: "real" }, undefined, "en"), "…");
  assert.equal(valueText({ type: "int" }, -3, "en"), "−3");
});

test("a difference is known only where both are", () => {
  assert.equal(differenceOf(1.5, 1), 0.5);
  assert.equal(differenceOf(undefined, 1), null);
  assert.equal(differenceOf(1, NaN), null);
});

const series = (t, v, steps = false) => ({ t: Float64Array.from(t), v: Float64Array.from(v), steps });

test("a small line keeps a spike and shows a gap as a gap", () => {
  const t = Array.from({ length: 1000 }, (_, i) => i);
  const spiky = t.map((i) => (i === 500 ? 9 : 0));
  assert.match(sparkPath(series(t, spiky), 0, 999, 50, 20), /V2(?!\d)/);
  const broken = sparkPath(series([0, 10, 20, 30, 40], [0, 1, NaN, 1, 0]), 0, 40, 40, 20);
  assert.equal(broken.match(/M/g).length, 2);
  assert.equal(sparkPath(series([0, 40], [NaN, NaN]), 0, 40, 40, 20), "");
});

test("a stepwise small line holds its value, and not beyond what is recorded", () => {
  assert.equal(sparkPath(series([0, 20], [0, 1], true), 0, 40, 40, 20), "M0 18.5H20H20V2.5H40");
  assert.equal(sparkPath(series([0, 20], [0, 1], true), 0, 40, 40, 20, 30), "M0 18.5H20H20V2.5H30");
  assert.equal(sparkPath(series([-50], [1], true), 0, 40, 40, 20), "M0 10.5H40");
});
