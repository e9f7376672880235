import assert from "node:assert/strict";
import test from "node:test";
import { NAMES, nameText, signalText, text, timeText, WORDS } from "../../../web/player/src/texts.js";

test("every word has both languages, and Chinese is not English", () => {
  for (const [key, pair] of [...Object.entries(WORDS), ...Object.entries(NAMES)]) {
    assert.equal(pair.length, 2, key);
    assert.ok(pair.every(Boolean), key);
    if (pair[0] !== "–") assert.notEqual(pair[0], pair[1], key);
  }
});

test("an unknown word of the page is a mistake, an unknown name of a record is shown", () => {
  assert.throws(() => text("no.such.key", "en"));
  assert.equal(nameText("polish", "zh"), "polish");
});

test("a signal is described in the language asked for, or as well as can be", () => {
  assert.equal(signalText({ text: { en: "lift", zh: "举升" } }, "a.b.pv_c", "zh"), "举升");
  assert.equal(signalText({ text: { en: "lift" } }, "a.b.pv_c", "zh"), "lift");
  assert.equal(signalText(undefined, "a.b.pv_c", "zh"), "a.b.pv_c");
});

test("times are read at a glance", () => {
  assert.equal(timeText(0), "0:00.0");
  assert.equal(timeText(65.26e9), "1:05.2");
  assert.equal(timeText(3661e9), "1:01:01.0");
});
