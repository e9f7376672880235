// Questions that take long: what their place in the store tells of them.

import assert from "node:assert/strict";
import { test } from "node:test";
import { tellOf } from "../../../web/player/src/question.js";

test("a question is told from its beginning to its answer", async () => {
  const place = { value: null };
  const told = tellOf(place, { condition: "x > 1" }, async () => ({ count: 3 }));
  assert.deepEqual(place.value, { condition: "x > 1", state: "working" });
  assert.equal(await told, true);
  assert.deepEqual(place.value, { condition: "x > 1", count: 3, state: "ready" });
});

test("of what fails the words are told", async () => {
  const place = { value: null };
  const failing = async () => {
    throw new Error("no such log");
  };
  assert.equal(await tellOf(place, {}, failing), false);
  assert.deepEqual(place.value, { state: "failed", error: "no such log" });
});

test("a question that was overtaken tells neither its answer nor its failure", async () => {
  const place = { value: null };
  const ends = [];
  const late = () => new Promise((...one) => ends.push(one));
  const told = [tellOf(place, { n: 1 }, late), tellOf(place, { n: 2 }, late)];
  place.value = null; // another log was opened
  ends[0][0]({});
  ends[1][1](new Error("too late"));
  assert.deepEqual(await Promise.all(told), [false, false]);
  assert.equal(place.value, null);
});
