import assert from "node:assert/strict";
import test from "node:test";
import { Clock, NS } from "../../../web/player/src/clock.js";

function opened(options) {
  const clock = new Clock();
  clock.open(0, 10 * NS, options);
  return clock;
}

test("a finished record opens at its start and stands", () => {
  const clock = opened();
  assert.equal(clock.t, 0);
  clock.tick(0);
  assert.equal(clock.tick(1), false);
  assert.equal(clock.t, 0);
});

test("playing moves by wall time times speed, and stops at the end", () => {
  const clock = opened();
  clock.play();
  clock.setSpeed(2);
  clock.tick(0);
  clock.tick(0.1);
  assert.equal(clock.t, 0.2 * NS);
  for (let i = 2; i < 100; i++) clock.tick(i * 0.1);
  assert.equal(clock.t, 10 * NS);
  assert.equal(clock.playing, false);
  clock.play();
  assert.equal(clock.t, 0, "play at the end starts again");
});

test("a page that slept does not leap", () => {
  const clock = opened();
  clock.play();
  clock.tick(0);
  clock.tick(60);
  assert.ok(clock.t <= 0.25 * NS);
});

test("speed and cursor stay inside their limits", () => {
  const clock = opened();
  clock.setSpeed(1000);
  assert.equal(clock.speed, 20);
  clock.setSpeed(0);
  assert.equal(clock.speed, 0.1);
  clock.seek(99 * NS);
  assert.equal(clock.t, 10 * NS);
  clock.seek(-1);
  assert.equal(clock.t, 0);
});

/** A live run at `rate`, its end seen every 0.1 s of wall time; the page draws 60 times a second. */
function follow(clock, rate, seconds) {
  let worst = 0;
  let backwards = 0;
  let before = clock.t;
  let grown = 0;
  for (let now = 0; now < seconds; now += 1 / 60) {
    if (now - grown >= 0.1) {
      grown = now;
      clock.grow(10 * NS + now * rate * NS, now);
    }
    clock.tick(now);
    if (clock.t < before) backwards++;
    before = clock.t;
    if (now > 2) worst = Math.max(worst, 10 + now * rate - clock.t / NS);
  }
  return { worst: worst / rate, backwards };
}

for (const rate of [0.5, 1, 5, 20]) {
  test(`a live run at ${rate}× is followed closely and never backwards`, () => {
    const clock = opened({ growing: true, now: 0 });
    const { worst, backwards } = follow(clock, rate, 6);
    assert.equal(backwards, 0);
    assert.ok(worst < 0.25, `${worst} s of wall time behind`);
  });
}

test("seeking in a live run leaves its edge, follow goes back to it", () => {
  const clock = opened({ growing: true, now: 0 });
  assert.ok(clock.following);
  clock.seek(3 * NS);
  assert.ok(!clock.following);
  clock.tick(0);
  clock.tick(0.1);
  assert.ok(Math.abs(clock.t - 3.1 * NS) < 1e6, "it plays on from there");
  clock.follow();
  assert.ok(clock.following);
  clock.finish(12 * NS);
  clock.tick(0.2);
  assert.ok(!clock.following);
});

test("catching up with the edge becomes following", () => {
  const clock = opened({ growing: true, now: 0 });
  clock.seek(9.9 * NS);
  clock.play();
  clock.tick(0);
  clock.tick(0.2);
  assert.ok(clock.following);
});

test("a loop is played over and over", () => {
  const clock = new Clock();
  clock.open(0, 10e9);
  clock.loop = { from: 2e9, to: 3e9 };
  clock.seek(2.9e9);
  clock.play();
  clock.tick(0);
  clock.tick(0.15);
  assert.equal(clock.t, 2e9);
  clock.tick(0.25);
  assert.ok(clock.t > 2e9 && clock.t < 3e9);
});
