// How finely to draw: a slow machine draws fewer pixels while things move, and all of them when they stand.

const SLOW_MS = 75;
const FAST_MS = 28;
const LEAST = 0.4;
const STEP = 0.75;
/** Frames judged together, and frames left out after a change. */
const JUDGED = 5;
/** Standing this long, in ms, it is drawn in full. */
const STILL_MS = 350;

export class Quality {
  constructor() {
    this.moving = 1;
    this.scale = 1;
    this.drawn = null;
    this.times = [];
  }

  /** A frame is about to be drawn at `now` (ms); returns the share of pixels along each side to draw it with. */
  frame(now) {
    const elapsed = this.drawn === null ? Infinity : now - this.drawn;
    this.drawn = now;
    // A pause between frames says nothing about how long drawing takes; a long frame after a frame does.
    if (elapsed < 3000) this.times.push(elapsed);
    else this.times = [];
    if (this.times.length >= JUDGED) {
      const median = this.times.sort((a, b) => a - b)[JUDGED >> 1];
      if (median > SLOW_MS) this.moving = Math.max(LEAST, this.moving * STEP);
      else if (median < FAST_MS) this.moving = Math.min(1, this.moving / STEP);
      this.times = [];
    }
    // Single frames, as from a click, are drawn in full.
    this.scale = elapsed > STILL_MS * 4 ? 1 : this.moving;
    return this.scale;
  }

  /** Nothing is drawn at `now`: true when what stands there should be drawn once more, in full. */
  settle(now) {
    if (this.scale === 1 || now - this.drawn < STILL_MS) return false;
    this.scale = 1;
    this.times = [];
    return true;
  }
}
