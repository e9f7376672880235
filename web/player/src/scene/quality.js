// How finely to draw: a slow machine draws fewer pixels while things move, and all of them when they stand.

const SLOW_MS = 75;
const VERY_SLOW_MS = 250;
const FAST_MS = 28;
const LEAST = 0.35;
const STEP = 0.75;
/** Frames judged together; one that is very slow is judged at once. */
const JUDGED = 5;
/** Standing this long, in ms, it is drawn in full. */
const STILL_MS = 350;
/** A gap longer than this is a page that was hidden, not a frame. */
const ASLEEP_MS = 10_000;

export class Quality {
  constructor() {
    this.moving = 1;
    this.scale = 1;
    this.drawn = null;
    this.wasMoving = false;
    this.times = [];
  }

  /**
   * A frame is about to be drawn at `now` (ms).
   * @param moving whether the next will follow as soon as it can
   * @returns the share of pixels along each side to draw it with
   */
  frame(now, moving) {
    const elapsed = this.drawn === null ? Infinity : now - this.drawn;
    if (moving && this.wasMoving && elapsed < ASLEEP_MS) this.#judge(elapsed);
    this.drawn = now;
    this.wasMoving = moving;
    // What a hand moves, as the camera or the cursor, comes in quick succession too; a single click does not.
    this.scale = moving || elapsed < STILL_MS ? this.moving : 1;
    return this.scale;
  }

  /** Nothing is drawn at `now`: true when what stands there should be drawn once more, in full. */
  settle(now) {
    this.wasMoving = false;
    if (this.scale === 1 || now - this.drawn < STILL_MS) return false;
    this.scale = 1;
    return true;
  }

  #judge(elapsed) {
    this.times.push(elapsed);
    if (this.times.length < JUDGED && elapsed < VERY_SLOW_MS) return;
    const median = this.times.sort((a, b) => a - b)[this.times.length >> 1];
    if (elapsed >= VERY_SLOW_MS || median > SLOW_MS) this.moving = Math.max(LEAST, this.moving * STEP);
    else if (median < FAST_MS) this.moving = Math.min(1, this.moving / STEP);
    this.times = [];
  }
}
