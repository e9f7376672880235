// Measuring: two points on parts, what is between them now, and the shortest way between the two parts.

import { computed, effect, signal, untracked } from "@preact/signals";
import { anchored, standing } from "./anchor.js";

/** The way between surfaces is searched once nothing has moved for so long. */
const REST_MS = 250;

const millimetres = (metres) => `${(metres * 1000).toFixed(0)} mm`;

export class Measure {
  constructor(player) {
    this.player = player;
    this.points = signal([]);
    /** Between the points: {metres, from, to}; null while there are not two, or one is not in the picture. */
    this.between = signal(null);
    /** The shortest way between the parts, alike; undefined while it is not known. */
    this.shortest = signal(undefined);
    this.sameParts = computed(() => this.points.value[0]?.part === this.points.value[1]?.part);
    this.stop = effect(() => {
      const { t, playing } = player.store;
      const [points, moving] = [this.points.value, playing.value];
      // Again at every instant: what is measured moves.
      void t.value;
      untracked(() => this.#measure(points, moving));
    });
  }

  /** Take what was hit as the next point; a third one starts anew. */
  add(hit) {
    const point = anchored(this.player.stage, hit);
    this.points.value = this.points.value.length === 1 ? [...this.points.value, point] : [point];
  }

  clear() {
    this.points.value = [];
  }

  #measure(points, moving) {
    clearTimeout(this.timer);
    const { stage } = this.player;
    if (!stage) return;
    const [from, to] = points.map((point) => standing(stage, point));
    this.between.value = from && to ? { from, to, metres: Math.hypot(...from.map((c, k) => to[k] - c)) } : null;
    this.shortest.value = undefined;
    if (this.between.value && !this.sameParts.value && !moving) {
      this.timer = setTimeout(() => {
        this.shortest.value = stage.distance(points[0].part, points[1].part);
        this.#mark(from, to);
      }, REST_MS);
    }
    this.#mark(from, to);
  }

  #mark(from, to) {
    const lines = [];
    const { between, shortest } = this;
    if (between.value) lines.push({ ...between.value, text: millimetres(between.value.metres) });
    else if (from) lines.push({ from, to: from });
    if (shortest.value && shortest.value.metres > 0) lines.push({ ...shortest.value, text: millimetres(shortest.value.metres) });
    if (lines.length || this.marked) this.player.stage.mark(lines);
    this.marked = lines.length > 0;
  }
}
