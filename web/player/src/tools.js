// What a person does with the parts and the picture: select, hide, cut, measure, go along, save.

import { batch } from "@preact/signals";
import { download } from "./download.js";
import { Measure } from "./measure.js";

/** Whether a view goes along with what it shows. */
export const isFollowing = (view) => view.startsWith("follow_");

/** `set` with all `ids` in it, or without them. */
export function withIds(set, ids, wanted) {
  const next = new Set(set);
  for (const id of ids) wanted ? next.add(id) : next.delete(id);
  return next;
}

export class Tools {
  constructor(player) {
    this.player = player;
    this.measure = new Measure(player);
  }

  get selected() {
    return this.player.store.selection.peek()?.part ?? null;
  }

  /** A click in the picture: the next point of the measure, or the part that is selected from now on. */
  click(x, y) {
    const { player } = this;
    const hit = player.stage?.pick(x, y) ?? null;
    if (player.store.tool.value === "measure") {
      if (hit) this.measure.add(hit);
      return;
    }
    player.select(hit && { id: hit.part, ...hit });
  }

  /** Take a tool in hand, or put it away. */
  toggle(tool) {
    const { store, stage } = this.player;
    if (!stage) return;
    const before = store.tool.value;
    this.putAway();
    if (before === tool) return;
    store.tool.value = tool;
    if (tool === "section") this.cut("y");
  }

  putAway() {
    const { store } = this.player;
    batch(() => {
      store.tool.value = store.section.value = null;
      this.measure.clear();
    });
  }

  /** Cut across an axis: through the selected part, or the middle of the lane, where trucks stand. */
  cut(axis) {
    const { store, stage } = this.player;
    const k = "xyz".indexOf(axis);
    const own = this.selected && stage.bounds(this.selected);
    const bounds = own || stage.bounds();
    if (!bounds) return;
    const [low, high] = [bounds[2 * k], bounds[2 * k + 1]];
    store.section.value = { axis, at: own || axis === "z" ? (low + high) / 2 : Math.min(Math.max(0, low), high) };
  }

  /** Put the tool away; without one, deselect. */
  escape() {
    if (this.player.store.tool.value) this.putAway();
    else this.player.select(null);
  }

  /** Hide or see through (`choice` "hidden", "ghosted") all of `ids`, or none where all were. */
  flip(choice, ids) {
    const kept = this.player.store[choice];
    kept.value = withIds(kept.value, ids, !ids.every((id) => kept.value.has(id)));
  }

  flipSelected(choice) {
    if (this.selected) this.flip(choice, [this.selected]);
  }

  showAll() {
    const { store } = this.player;
    batch(() => {
      store.hidden.value = new Set();
      store.ghosted.value = new Set();
    });
  }

  focus() {
    if (this.selected) this.player.focus(this.selected);
  }

  /** Let the camera go along with `what`: a view that follows, "selected", or nothing (null). */
  follow(what) {
    const { player } = this;
    if (what && what !== "selected") return player.look(what);
    const frame = what ? (player.store.selection.value?.frame ?? null) : null;
    player.stage?.follow(frame);
    player.store.followed.value = frame && what;
  }

  /** Go along with the selected part or else the robot, or let go. */
  toggleFollow() {
    const { followed, views } = this.player.store;
    if (followed.value) this.follow(null);
    else this.follow(this.selected ? "selected" : (views.value.find(isFollowing) ?? null));
  }

  /** Give the picture to the browser as a file, named by record and time. */
  async savePicture() {
    const { player } = this;
    if (!player.stage) return;
    try {
      download(await player.stage.picture(), `${player.fileName(player.clock.t)}.png`);
    } catch (error) {
      player.fail(error);
    }
  }
}
