// The cursor: where in the record this browser looks, and how it moves on.

export const NS = 1e9;
export const SPEEDS = [0.1, 0.25, 0.5, 1, 2, 5, 10, 20];
export const MIN_SPEED = SPEEDS[0];
export const MAX_SPEED = SPEEDS[SPEEDS.length - 1];

/** Following a live run: so much farther behind its edge than most bursts of data lie apart, in wall seconds. */
const FOLLOW_MARGIN_S = 0.02;
const MOST_BURSTS = 0.8;
const LONGEST_FOLLOW_DELAY_S = 0.2;
/** Time constant with which the cursor closes in on its place behind the edge. */
const FOLLOW_SETTLE_S = 0.15;
/** Farther off than this, in wall seconds, it jumps. */
const FOLLOW_JUMP_S = 0.8;
/** Wall time over which the speed of a live run is measured. */
const RATE_WINDOW_S = 1.5;
/** A frame later than this is a page that was asleep: do not leap. */
const LONGEST_TICK_S = 0.25;

export class Clock {
  constructor() {
    this.start = 0;
    this.end = 0;
    this.zero = 0; // from which times are told: a page of a stretch tells those of its log
    this.t = 0;
    this.speed = 1;
    this.playing = false;
    this.following = false;
    this.growing = false;
    this.loop = null; // {from, to}: played over and over
    this.last = null;
    this.edges = []; // {now, end}: when the record's end was seen where
  }

  open(start, end, { growing = false, now = 0, zero = start } = {}) {
    this.start = start;
    this.zero = zero;
    this.end = end;
    this.growing = growing;
    this.edges = [{ now, end }];
    this.loop = null;
    this.following = growing;
    this.playing = growing;
    this.t = growing ? end : start;
    this.last = null;
  }

  /** The record has grown to `end`; `now` in wall seconds. */
  grow(end, now) {
    this.end = Math.max(this.end, end);
    this.edges.push({ now, end: this.end });
    while (this.edges.length > 2 && now - this.edges[0].now > RATE_WINDOW_S) this.edges.shift();
  }

  /** The run has ended: what was the edge is now the last instant. */
  finish(end) {
    this.end = Math.max(this.end, end);
    this.growing = false;
  }

  /** Simulated seconds per wall second, as the edge moves. */
  get rate() {
    const first = this.edges[0];
    const last = this.edges[this.edges.length - 1];
    return last && last.now > first.now ? (last.end - first.end) / NS / (last.now - first.now) : 1;
  }

  /** How far behind the edge a picture runs smoothly, in wall seconds: as far as what comes in lies apart. */
  get delay() {
    const gaps = this.edges.slice(1).map(({ now }, i) => now - this.edges[i].now);
    const usual = gaps.sort((a, b) => a - b)[Math.floor(gaps.length * MOST_BURSTS)] ?? 0;
    return Math.min(usual + FOLLOW_MARGIN_S, LONGEST_FOLLOW_DELAY_S);
  }

  seek(t) {
    this.t = Math.min(Math.max(t, this.start), this.end);
    this.following = false;
  }

  follow() {
    this.following = this.growing;
    this.playing = true;
  }

  play() {
    if (this.t >= this.end && !this.growing) this.t = this.start;
    this.playing = true;
  }

  pause() {
    this.playing = false;
    this.following = false;
  }

  setSpeed(speed) {
    this.speed = Math.min(Math.max(speed, MIN_SPEED), MAX_SPEED);
    this.following = false;
  }

  /** Move on to wall time `now` in seconds; true when the cursor moved. */
  tick(now) {
    const dt = this.last === null ? 0 : Math.min(Math.max(now - this.last, 0), LONGEST_TICK_S);
    this.last = now;
    if (!this.playing) return false;
    const before = this.t;
    if (this.following) this.#tickFollowing(dt, now);
    else this.#tickFree(dt);
    return this.t !== before;
  }

  #tickFree(dt) {
    this.t += dt * this.speed * NS;
    if (this.loop && this.t >= this.loop.to) {
      this.t = this.loop.from;
      return;
    }
    if (this.t < this.end) return;
    this.t = this.end;
    if (this.growing) this.following = true;
    else this.playing = false;
  }

  #tickFollowing(dt, now) {
    if (!this.growing) {
      this.following = false;
      return;
    }
    const edge = this.edges[this.edges.length - 1];
    const rate = this.rate;
    const target = edge.end + (now - edge.now - this.delay) * rate * NS;
    const off = target - this.t;
    const jump = Math.max(FOLLOW_JUMP_S * rate, 0.05) * NS;
    const step = Math.abs(off) > jump ? off : dt * rate * NS + off * (1 - Math.exp(-dt / FOLLOW_SETTLE_S));
    // Never backwards while following: a late burst makes the picture wait, not jerk.
    this.t = Math.min(Math.max(this.t + Math.max(step, 0), this.start), this.end);
  }
}
