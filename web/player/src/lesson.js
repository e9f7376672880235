// A lesson that goes on: what the server tells of it, asked for now and then, and what the trainee asks.

import { batch } from "@preact/signals";
import { download } from "./download.js";
import { LostError } from "./source/connection.js";

const PERIOD_MS = 500;

export class LessonDesk {
  /** @param player whose source has the lesson's calls, and whose store shows it */
  constructor(player) {
    this.player = player;
    this.attempts = 0;
    this.timer = null;
    /** Who follows now: an answer that comes later than its follower's end is nobody's. */
    this.follower = null;
    /** The speed at which it goes on where it stands still. */
    this.speed = 1;
  }

  /** Ask until the server says that there is no lesson. */
  follow() {
    this.close();
    this.follower = {};
    if (this.player.source.lesson) this.#askAgain(this.follower);
  }

  close() {
    clearTimeout(this.timer);
    this.follower = null;
  }

  /** {take_hint | give_answer | clear: {…}} → {t_ns}, null while the simulation stands; null where it was refused. */
  ask(action) {
    return this.#call(() => this.player.source.lessonAsk(action));
  }

  finish() {
    return this.#call(() => this.player.source.lessonFinish());
  }

  /** Another attempt from an instant of the present one on. */
  back(t) {
    return this.#call(() => this.player.source.lessonBack(t));
  }

  /** Stand still, or go on at the speed of before. */
  freeze(stand) {
    const { store } = this.player;
    if (stand && store.pace.value !== 0) this.speed = store.pace.value;
    return this.player.pace(stand ? 0 : this.speed);
  }

  async debrief(number) {
    const pages = await this.#call(() => this.player.source.debrief(number));
    const { name } = this.player.store.lesson.value;
    if (pages) download(new Blob([pages], { type: "application/zip" }), `${name}-attempt${number}.zip`);
  }

  /** Lay what shows how it is done over what was done. */
  async showBest() {
    const { player } = this;
    const { source, store } = player;
    await this.#call(async () => (store.logs.value = await source.logs()));
    await player.compareWith(store.lesson.value.best_log);
    player.dock?.open("compare");
  }

  async #askAgain(follower) {
    const { source, store } = this.player;
    try {
      const told = await source.lesson();
      if (told === null || follower !== this.follower) return;
      this.#take(told);
    } catch (error) {
      if (follower !== this.follower) return;
      if (!(error instanceof LostError)) store.lessonError.value = error.message;
    }
    this.timer = setTimeout(() => this.#askAgain(follower), PERIOD_MS);
  }

  #take(told) {
    const { player } = this;
    const { store } = player;
    const before = store.lesson.peek();
    batch(() => {
      store.lesson.value = told;
      // A run that was stopped for this page's silence, or began standing, says so.
      if (told.state === "standing" && store.growing.value) store.pace.value = 0;
      if (told.state === "going" && before?.state === "standing") store.pace.value = told.speed;
    });
    // What was to be found out is told now.
    if (told.state === "ended" && store.manifest.peek()?.withheld) player.reread();
    if (!before && player.dock?.api) player.dock.open("lesson");
    const id = told.logs.at(-1);
    // Whoever looks at another log while an attempt goes on is left there; a new attempt is shown.
    if (this.attempts !== told.logs.length && id !== player.id && (this.attempts || told.logs.length > 1)) player.open(id);
    this.attempts = told.logs.length;
  }

  async #call(asked) {
    const { store } = this.player;
    try {
      const answer = await asked();
      store.lessonError.value = "";
      return answer;
    } catch (error) {
      if (!(error instanceof LostError)) store.lessonError.value = error.message;
      return null;
    }
  }
}

/** Whether who sits at this page may ask for a signal: of the two at a station each has his own, and some are anybody's; without a lesson anything. */
export function mayAsk(told, name) {
  if (!told) return true;
  if (told.role === "onlooker") return false;
  return told.anybodys.includes(name) || isGuardians(told, name) === (told.role === "guardian");
}

/** Whether a signal is the guardian's to set; nobody's where the lesson has none. */
export const isGuardians = (told, name) => told.guardians.some((pattern) => fitting(pattern).test(name));

/** A pattern of names, in which * stands for anything. */
const fitting = (pattern) => new RegExp(`^${pattern.split("*").map((part) => part.replace(/[.\\]/g, "\\$&")).join(".*")}$`);

/** What is said over the picture: the instructor's last word, and why the session stands still. */
export const spoken = (told) => ({ word: told.words.at(-1) ?? null, held: ["ended", "broken_off"].includes(told.state) ? [] : told.held });

/** Places of a station that a pattern fits, by the names of its signals; sorted. */
export function placesOf(pattern, names) {
  const fits = new RegExp(pattern);
  const found = new Set();
  for (const name of names) {
    const [area, device] = name.split(".");
    const bracket = /^bracket\d$/.test(area) ? ["cone1", "cone2", "electrical", "coolant"].map((part) => `${area}.${part}`) : [];
    for (const place of [area, `${area}.${device}`, name, ...bracket]) if (fits.test(place)) found.add(place);
  }
  return [...found].sort();
}
