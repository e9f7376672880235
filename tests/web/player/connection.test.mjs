import assert from "node:assert/strict";
import { test } from "node:test";
import { Connection, LostError } from "../../../web/player/src/source/connection.js";

/** wslink's connection, in the hand of a test. */
class Link {
  constructor() {
    this.hear = {};
    this.connects = 0;
    this.topics = [];
    this.answers = [];
    this.session = {
      call: (method) => new Promise((resolve) => this.answers.push([method, resolve])),
      subscribe: (topic, callback) => this.topics.push([topic, callback]),
      unsubscribe: () => {},
      close: () => this.hear.Close(),
    };
    for (const event of ["Ready", "Close", "Error"]) {
      this[`onConnection${event}`] = (callback) => (this.hear[event] = callback);
    }
  }

  getSession() {
    return this.session;
  }

  connect() {
    this.connects += 1;
  }
}

/** Timers that run when they are told to. */
class Timers {
  constructor() {
    this.now = 0;
    this.list = new Map();
    this.number = 0;
  }

  set(action, ms) {
    this.list.set(++this.number, { at: this.now + ms, action });
    return this.number;
  }

  clear(timer) {
    this.list.delete(timer);
  }

  run(ms) {
    this.now += ms;
    for (const [number, { at, action }] of [...this.list]) {
      if (at > this.now) continue;
      this.list.delete(number);
      action();
    }
  }
}

function open() {
  const link = new Link();
  const timers = new Timers();
  const connection = new Connection(link, "beat", timers);
  const states = [];
  connection.onState((state) => states.push(state));
  return { link, timers, connection, states };
}

test("a lost server ends the calls that wait and is tried again, ever more seldom", async () => {
  const { link, timers, connection, states } = open();
  const call = connection.call("window");
  link.hear.Close();
  await assert.rejects(call, LostError);
  await assert.rejects(connection.call("logs"), LostError);
  const waits = [];
  for (let tries = 0; tries < 6; tries++) {
    let waited = 0;
    for (const before = link.connects; link.connects === before; waited += 50) timers.run(50);
    waits.push(waited);
    link.hear.Close();
  }
  assert.deepEqual(waits, [250, 500, 1000, 2000, 4000, 4000]);
  assert.deepEqual(states, ["lost"]);
});

test("when it answers again topics are heard as before", () => {
  const { link, connection, states } = open();
  const heard = [];
  const stop = connection.subscribe("growth", (message) => heard.push(message));
  link.hear.Close();
  link.topics = [];
  link.hear.Ready();
  link.topics.forEach(([, callback]) => callback(1));
  assert.deepEqual(heard, [1]);
  assert.deepEqual(states, ["lost", "open"]);
  stop();
  link.topics = [];
  link.hear.Close();
  link.hear.Ready();
  assert.deepEqual(link.topics, []);
});

test("a refusal is final", () => {
  const { link, timers, states } = open();
  link.hear.Close();
  link.hear.Error(link, { code: -32000 });
  timers.run(60_000);
  assert.deepEqual(states, ["lost", "refused"]);
  assert.equal(link.connects, 0);
});

test("a server that says nothing is lost, one that answers is not", async () => {
  const { link, timers, states } = open();
  timers.run(3000);
  link.answers[0][1]();
  await new Promise((resolve) => setTimeout(resolve));
  timers.run(3000);
  assert.deepEqual(link.answers.map(([method]) => method), ["beat", "beat"]);
  assert.deepEqual(states, []);
  timers.run(6000);
  assert.deepEqual(states, ["lost"]);
});
