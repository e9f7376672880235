// The player: asks a source for a record, moves a cursor through it, hands poses to the stage.

import { batch, effect } from "@preact/signals";
import { Bindings } from "./bindings.js";
import { ChunkCache } from "./cache.js";
import { Clock } from "./clock.js";
import { Other } from "./compare.js";
import { download } from "./download.js";
import { FrameTree } from "./frames.js";
import { LessonDesk } from "./lesson.js";
import { linkTo, takeLink } from "./link.js";
import { leavePlace, takePlace } from "./place.js";
import { MEASURED } from "./known.js";
import { nextIn } from "./lanes.js";
import { tellOf } from "./question.js";
import { TimeRange } from "./range.js";
import { Signals } from "./signals.js";
import { stationOf } from "./store.js";
import { LANGUAGES, text, timeText } from "./texts.js";
import { instantText, startOf } from "./time.js";
import { isFollowing, Tools } from "./tools.js";
import { LostError } from "./source/connection.js";

/** Signals shown in the header; a record without them shows what it has. */
export const HEADER_SIGNALS = ["station.unit.seq_phase", "station.unit.seq_state", "station.unit.seq_mode"];
/** Text follows the cursor this often, in wall seconds; the picture follows every frame. */
const TEXT_PERIOD_S = 0.08;
const DEFAULT_STEP_NS = 20e6;
/** Signals of a validation's findings that are plotted without being asked for. */
const MOST_PLOTTED = 4;

export class Player {
  /**
   * @param source where records come from (source/trame.js, source/embedded.js)
   * @param store choices and state (store.js)
   * @param makeStage () → Stage, once the page has a place for it; null when nothing can be drawn
   * @param now wall clock in seconds
   */
  constructor(source, store, { now = () => performance.now() / 1000 } = {}) {
    this.source = source;
    this.store = store;
    this.now = now;
    this.clock = new Clock();
    this.stage = null;
    this.range = new TimeRange(this.clock);
    this.tools = new Tools(this);
    // The dock of panels and what else the page offers, where there is one.
    this.dock = null;
    this.page = null;
    this.tree = new FrameTree([]);
    this.cache = null;
    /** Another log beside this one (compare.js), or null. */
    this.other = null;
    this.id = null;
    this.signals = new Signals({ onError: (error) => this.fail(error) });
    this.signals.watch(HEADER_SIGNALS);
    this.bindings = new Bindings(null);
    this.lesson = new LessonDesk(this);
    this.unwatch = () => {};
    store.asks.value = typeof source.search === "function";
    this.dirty = true;
    this.lastText = -Infinity;
    /** Script time of the last frames without drawing, ms: for measurements. */
    this.scriptMs = 0;
    this.drawnT = null;
    this.stopListening = source.onGrowth((growth) => this.#grow(growth));
    this.stopWatching = source.onConnection((state) => this.#connection(state));
    // The picture follows the choices, also once it shows other parts.
    const { theme, hidden, ghosted, selection, section } = store;
    this.stopFollowing = [
      () => this.stage?.setTheme(theme.value),
      () => this.#write(),
      () => this.stage?.setShown({ hidden: hidden.value, ghosted: ghosted.value }),
      () => this.stage?.select(selection.value?.part ?? null),
      () => this.stage?.section(section.value),
    ].map((follow) =>
      effect(() => {
        this.dirty = store.parts.value !== null;
        follow();
      }),
    );
  }

  attach(stage) {
    this.stage = stage;
    stage?.setTheme(this.store.theme.value);
    this.#write();
  }

  async start() {
    try {
      const logs = await this.source.logs();
      this.store.logs.value = logs;
      const link = takeLink();
      this.store.linked.value = Boolean(link);
      const place = link ? null : takePlace();
      const wanted = link?.log ?? place?.title;
      if (LANGUAGES.includes(link?.language)) this.store.language.value = link.language;
      const log = logs.find(({ title }) => title === wanted) ?? logs[0];
      if (!log) {
        this.store.stage.value = "no_logs";
        return;
      }
      this.lesson.follow();
      await this.open(log.id);
      if (log.title === place?.title && !this.clock.growing) this.seek(place.t);
      this.#showJudged();
      if (link?.log) this.#go(link);
      else if (link) {
        this.#within(this.clock.zero + link.since_s * 1e9);
        this.#layOver(link.other);
      }
    } catch (error) {
      this.#give(error);
    }
  }

  async open(id) {
    const { store } = this;
    this.id = id;
    store.stage.value = "loading";
    store.unreadable.value = "";
    try {
      const manifest = await this.source.open(id);
      if (this.id !== id) return;
      if (manifest.waiting) {
        store.stage.value = manifest.running ? "waiting" : "ended";
        return;
      }
      this.#begin(manifest);
      await this.#loadScene(manifest);
    } catch (error) {
      if (this.id === id) this.#give(error);
    }
  }

  /** Ask again what is in this record, of which more is told now; the picture stays. */
  async reread() {
    const { store, id } = this;
    try {
      const manifest = await this.source.open(id);
      if (this.id !== id || store.manifest.peek()?.id !== id || store.manifest.peek().withheld === manifest.withheld) return;
      this.#readSignals(manifest);
      batch(() => {
        store.manifest.value = manifest;
        store.events.value = manifest.events;
      });
    } catch (error) {
      this.fail(error);
    }
  }

  // What a person does

  play() {
    this.clock.play();
    this.#tell();
  }

  pause() {
    this.clock.pause();
    this.#tell();
  }

  toggle() {
    if (this.clock.playing) this.pause();
    else this.play();
  }

  seek(t) {
    this.clock.seek(t);
    this.dirty = true;
    this.#want();
    this.#tell();
  }

  step(direction) {
    this.clock.pause();
    this.seek(this.clock.t + direction * Number(this.store.manifest.value?.metadata?.scan_ns ?? DEFAULT_STEP_NS));
  }

  /** To the next (1) or previous (-1) event. */
  jump(direction) {
    const { lanes, alarmsOnly } = this.store;
    const t = nextIn(alarmsOnly.value ? lanes.value.alarmTimes : lanes.value.times, this.clock.t, direction);
    if (t !== null) this.seek(t);
  }

  /** Mark where a loop starts, then where it ends, then end it. */
  loop() {
    const { store, clock } = this;
    const marked = store.loop.value;
    if (!marked) store.loop.value = { from: clock.t, to: null };
    else if (marked.to !== null || marked.from === clock.t) store.loop.value = null;
    else store.loop.value = { from: Math.min(marked.from, clock.t), to: Math.max(marked.from, clock.t) };
    clock.loop = store.loop.value?.to ? store.loop.value : null;
  }

  /** Let the loop that is marked start at another instant, and go there. */
  loopFrom(from) {
    this.clock.loop = this.store.loop.value = { ...this.store.loop.value, from };
    this.seek(from);
  }

  /** Wall clock of the instant from which times are told, ms; null when it is not recorded. */
  get wallZero() {
    const started = startOf(this.store.manifest.value);
    return started === null ? null : started + this.clock.zero / 1e6;
  }

  /** An instant of the record as this person has times shown. */
  timeText(t) {
    return instantText(t - this.clock.zero, this.store.wall.value ? this.wallZero : null);
  }

  /** What a file made of these instants is called: by record and times. */
  fileName(...times) {
    const written = times.map((t) => timeText(t - this.clock.zero).replaceAll(":", "-"));
    return [this.store.manifest.value?.title ?? "swaptwin", ...written].join("_");
  }

  /** Give the loop, or else the stretch that the timeline shows, to the browser as a page of one file. */
  async savePage() {
    const { source, store, range } = this;
    const { from, to } = this.clock.loop ?? range;
    store.saving.value = true;
    try {
      const page = await source.page(this.id, from, to);
      download(new Blob([page], { type: "text/html" }), `${this.fileName(from, to)}.html`);
      store.error.value = "";
    } catch (error) {
      this.fail(error);
    } finally {
      store.saving.value = false;
    }
  }

  setSpeed(speed) {
    this.clock.setSpeed(speed);
    this.#tell();
  }

  follow() {
    this.clock.follow();
    this.#tell();
  }

  async pace(speed) {
    try {
      await this.source.pace(this.id, speed);
      this.store.pace.value = speed;
    } catch (error) {
      this.fail(error);
    }
  }

  /** Ask something of the running simulation: {name: value} → {t_ns} of the scan that had it in its input image. */
  operate(request) {
    return this.source.operate(this.id, request);
  }

  /** Put another log beside this one, or none (null). */
  async compareWith(id) {
    const { store, source } = this;
    this.#leaveOther();
    if (id === null) return;
    const mine = this.id;
    const title = store.logs.value.find((log) => log.id === id)?.title ?? id;
    const asked = { id, title, state: "working" };
    store.compared.value = asked;
    try {
      const [manifest, found] = await Promise.all([source.open(id), source.compare(mine, id)]);
      if (store.compared.value !== asked) return;
      const onArrival = () => (this.dirty = true);
      this.other = new Other(source, manifest, found, { onArrival, onError: (error) => this.fail(error) });
      store.compared.value = { ...asked, state: "ready", found };
      this.#want();
      this.dirty = true;
    } catch (error) {
      if (store.compared.value === asked) store.compared.value = { ...asked, state: "failed", error: error.message };
    }
  }

  /** Ask what may be changed in a branch of this log. */
  async askBranching() {
    const { store, source, id } = this;
    try {
      const offered = (await source.branching?.(id)) ?? null;
      if (this.id === id) store.branching.value = offered;
    } catch {
      // a server that cannot say so cannot do it either
      if (this.id === id) store.branching.value = null;
    }
  }

  /** Run another future from the cursor on, and lay it over this log. */
  async branch(change) {
    const { store, source, id } = this;
    const told = await tellOf(store.branched, {}, async () => {
      const made = await source.branch(id, store.t.value, change);
      store.logs.value = await source.logs();
      return made;
    });
    if (told) await this.compareWith(store.branched.value.id);
  }

  /** Make a lesson of the stretch that is marked, with a fault in it. */
  cutLesson(fault) {
    const { store, source, id } = this;
    const { from, to } = store.loop.value;
    return tellOf(store.cut, {}, () => source.cut(id, from, to, fault));
  }

  /** Ask why the station stopped at `t` or last before it; null asks for its first stop. */
  explain(t) {
    const { store, source, id } = this;
    return tellOf(store.explained, { told: null }, async () => ({ told: await source.why(id, t === null ? null : Math.round(t)) }));
  }

  /** Put phases found from signals on the timeline of a log that has none of its own. */
  async #findPhases(manifest) {
    const { store, source } = this;
    if (!source.phases || manifest.events.some(({ kind }) => kind === "phase")) return;
    try {
      const found = await source.phases(manifest.id);
      if (this.id !== manifest.id || !found.length) return;
      store.events.value = [...store.events.value, ...found].sort((a, b) => a.t_ns - b.t_ns);
    } catch (error) {
      if (this.id === manifest.id) this.fail(error);
    }
  }

  /** Look for a condition in this log; an empty one forgets what was found. */
  async search(condition) {
    const { store, source, id } = this;
    if (!condition.trim()) return (store.searched.value = null);
    return tellOf(store.searched, { condition, hits: [] }, async () => {
      const { count, unknown_s, hits } = await source.search(id, condition);
      return { count, unknown_s, hits: hits.map(([start, end]) => ({ key: start, start, end })) };
    });
  }

  /** Write a note ({text, start_ns, end_ns}, with `id` to change one), or take one away. */
  putNote(note) {
    return this.#changeNotes((id) => this.source.putNote(id, note));
  }

  removeNote(id) {
    return this.#changeNotes((log) => this.source.removeNote(log, id));
  }

  /** The address that opens this log here, with what is selected, plotted, compared and open. */
  link() {
    const { store } = this;
    return linkTo({
      log: store.manifest.value.title,
      identity: store.manifest.value.identity,
      t: this.clock.t,
      part: store.selection.value?.part,
      panels: store.panels.value,
      plotted: store.plotted.value,
      condition: store.searched.value?.condition,
      other: store.compared.value?.title,
    });
  }

  /** To the next (1) or previous (-1) hit. */
  jumpHit(direction) {
    const t = nextIn(this.store.marked.value.map(({ start }) => start), this.clock.t, direction);
    if (t !== null) this.seek(t);
  }

  look(view) {
    this.stage?.look(view);
    this.store.followed.value = isFollowing(view) ? view : null;
    this.dirty = true;
  }

  /** Highlight a part ({id, frame, point}), and let panels tell about it; null for none. `point` is where it was hit. */
  select(part) {
    this.store.selection.value = part && { frame: part.frame, part: part.id, point: part.point ?? null };
  }

  /** Bring a part into the middle of the picture. */
  focus(id) {
    this.stage?.focus(id);
    this.dirty = true;
  }

  fail(error) {
    // That the server is lost is said once, not by every call that had no answer.
    if (error instanceof LostError) return;
    this.store.error.value = error?.message ?? String(error);
  }

  /** One frame of the page. */
  frame() {
    const began = performance.now();
    const now = this.now();
    const moved = this.clock.tick(now);
    if (moved) this.#want();
    if (now - this.lastText > TEXT_PERIOD_S) {
      this.lastText = now;
      this.#tell();
    }
    const changed = (moved || this.dirty) && this.#pose();
    const travelling = this.stage?.tick(now) ?? false;
    this.scriptMs = performance.now() - began;
    if (changed || this.dirty || travelling) this.stage?.render(moved || travelling);
    else if (!this.clock.playing) this.stage?.settle();
    this.dirty = false;
  }

  /** World matrix of a frame as last drawn: 16 numbers, column-major; null of an unknown name. */
  matrix(name) {
    const i = this.tree.index.get(name);
    return i === undefined ? null : Array.from(this.tree.matrix(i));
  }

  /** How well it is known where a frame is at the cursor: {state, m, rad}; null where the record has its poses. */
  knownOf(frame) {
    const index = this.tree.index.get(frame);
    return index === undefined ? null : (this.store.window.value?.known?.at(index, this.clock.t) ?? null);
  }

  /** Where a pack stands at the cursor: {place, serial, doubt}; null where the record has its poses, undefined before they are here. */
  standOf(frame) {
    const window = this.cache?.at(this.clock.t);
    return window ? window.standOf(frame, this.clock.t) : undefined;
  }

  close() {
    this.#leaveOther();
    this.lesson.close();
    this.stopListening();
    this.stopWatching();
    this.stopFollowing.forEach((stop) => stop());
    this.cache?.close();
    this.stage?.close();
  }

  // Inside

  async #changeNotes(ask) {
    const { store, id } = this;
    try {
      const notes = await ask(id);
      if (this.id !== id) return;
      store.notes.value = notes;
      store.notesError.value = "";
    } catch (error) {
      if (this.id === id) store.notesError.value = error.message;
    }
  }

  /** A page that was made for what a validation found opens with it. */
  #showJudged() {
    const { store } = this;
    const [first] = store.judged.value;
    if (!first) return;
    store.plotted.value = [...new Set(store.judged.value.flatMap(({ signals }) => signals))].filter((name) => this.signals.known.has(name)).slice(0, MOST_PLOTTED);
    this.seek(first.start);
    for (const id of ["plots", "validation"]) this.dock?.open(id);
  }

  /** Where a link leads, as far as this server's logs have it. */
  #go({ log, identity, t, part, panels = [], plotted, condition, other }) {
    const { store } = this;
    const manifest = store.manifest.value;
    if (!manifest) return;
    if (manifest.title !== log || (identity && manifest.identity !== identity)) {
      store.error.value = text("link.other", store.language.value);
      return;
    }
    this.#within(t);
    if (plotted) store.plotted.value = plotted;
    panels.forEach((id) => this.dock?.offers(id) && this.dock.open(id));
    const found = store.parts.value.find(({ id }) => id === part);
    if (found) this.select(found);
    if (condition && store.asks.value) this.search(condition);
    this.#layOver(other);
  }

  /** Lay the log of a title over this one, where there is one. */
  #layOver(title) {
    const { store } = this;
    const beside = store.logs.value.find((log) => log.title === title && log.id !== this.id);
    if (beside && store.asks.value) this.compareWith(beside.id);
  }

  /** To an instant that somebody wrote, or to the end that is nearest to it. */
  #within(t) {
    this.seek(Math.min(Math.max(t, this.clock.start), this.clock.end));
  }

  #leaveOther() {
    this.other?.close();
    this.other = null;
    this.stage?.placeOther(null);
    this.store.compared.value = null;
    this.dirty = true;
  }

  #begin(manifest) {
    const { store } = this;
    this.#leaveOther();
    store.branching.value = store.branched.value = store.cut.value = null;
    const growing = !manifest.finished && manifest.running;
    this.tree = new FrameTree(manifest.frames);
    this.cache?.close();
    this.cache = new ChunkCache((t0, t1, step) => this.source.window(manifest.id, t0, t1, step), {
      onArrival: () => {
        this.dirty = true;
        store.error.value = "";
      },
      onError: (error) => this.fail(error),
    });
    this.range.fit();
    this.clock.open(manifest.start_ns, manifest.end_ns, { growing, now: this.now(), zero: manifest.zero_ns });
    this.stage?.clear();
    this.#readSignals(manifest);
    batch(() => {
      store.charge.value = {};
      store.manifest.value = manifest;
      store.parts.value = [];
      store.hidden.value = store.ghosted.value = new Set();
      store.selection.value = store.tool.value = store.section.value = store.followed.value = store.loop.value = null;
      store.shown.value = {};
      store.doubts.value = [];
      store.muted.value = new Set();
      store.window.value = null;
      store.plotted.value = store.plottedAt.value[stationOf(manifest)] ?? [];
      store.events.value = manifest.events;
      store.damage.value = manifest.damage ?? [];
      store.searched.value = store.explained.value = null;
      store.notes.value = [];
      store.notesError.value = "";
      store.pace.value = manifest.speed ?? null;
      store.error.value = "";
      store.stage.value = "scene";
    });
    this.#want();
    this.#tell();
    if (store.asks.value) this.#changeNotes((id) => this.source.notes(id));
    if (!growing) this.#findPhases(manifest);
  }

  /** The signals that a record has, and what the picture shows of them. */
  #readSignals(manifest) {
    this.signals.open(manifest, (t0, t1, buckets, names) => this.source.signals(manifest.id, t0, t1, buckets, names));
    this.unwatch();
    this.bindings = new Bindings(manifest.bindings, (name) => this.signals.known.has(name));
    this.unwatch = this.signals.watch(this.bindings.names);
  }

  async #loadScene(manifest) {
    const pieces = this.stage ? await this.#fetchScene(manifest) : [];
    if (this.id !== manifest.id) return;
    if (this.stage) {
      const damage = this.stage.load(pieces, this.tree.index);
      this.store.parts.value = this.stage.parts.map(({ id, name, frame, area }) => ({ id, name, frame, area }));
      if (damage.length) this.store.damage.value = [...this.store.damage.value, ...damage];
      this.stage.label(this.bindings.labels);
      this.bindings.forget();
    }
    await this.#firstPose();
    this.stage?.look("overview", true);
    this.store.views.value = this.stage?.views() ?? [];
    this.store.stage.value = "ready";
    // Not before the picture is there: the server has to load much for it the first time.
    this.askBranching();
    this.dirty = true;
  }

  /** The pieces of the scene; how much of it is here is told while it comes. */
  async #fetchScene({ id, scene }) {
    const total = scene.reduce((sum, bytes) => sum + bytes, 0);
    let done = 0;
    const tell = () => {
      if (this.id === id) this.store.progress.value = { done, total };
    };
    tell();
    return Promise.all(
      scene.map(async (bytes, piece) => {
        const chunk = await this.source.scene(id, piece);
        done += bytes;
        tell();
        return chunk;
      }),
    );
  }

  /** Cameras look at where things stand, so the first poses are waited for, if there are any. */
  async #firstPose() {
    for (let i = 0; i < 100 && this.tree.names.length; i++) {
      this.#want();
      if (this.cache.at(this.clock.t)) break;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    this.#pose();
  }

  /** Nothing of this record can be shown: say why, and show nothing of the one before. */
  #give(error) {
    const { store } = this;
    this.cache?.close();
    this.cache = null;
    this.stage?.clear();
    batch(() => {
      store.manifest.value = null;
      store.events.value = [];
      store.damage.value = [];
      store.unreadable.value = error.reason ?? "";
      store.error.value = "";
      store.stage.value = "failed";
    });
    if (!error.reason) this.fail(error);
    this.dirty = true;
  }

  #want() {
    if (!this.cache || this.store.connection.value !== "open") return;
    const { t, start, end, speed, playing, following } = this.clock;
    // The edge of a live run comes by itself.
    if (!following || !this.cache.at(t)) this.cache.want(t, { start, end, speed, playing });
    this.other?.want(t, { speed, playing });
  }

  #pose() {
    const window = this.cache?.at(this.clock.t);
    if (!window) {
      this.#want();
      return false;
    }
    if (!window.poses(this.clock.t, this.tree.local)) return false;
    this.tree.compose();
    this.stage?.place(this.tree.world);
    if (this.other?.pose(this.clock.t)) this.stage?.placeOther(this.other.tree);
    this.#know(window);
    this.drawnT = this.clock.t;
    return true;
  }

  /** What is not measured looks so. */
  #know(window) {
    const { known } = window;
    this.store.window.value = window;
    if (!known) return;
    known.states(this.clock.t, this.tree.states);
    const { doubts } = this.store;
    const now = [...(this.stage?.know(this.tree.states) ?? [])].filter((state) => state !== MEASURED && !doubts.value.includes(state));
    if (now.length) doubts.value = [...doubts.value, ...now].sort();
  }

  #tell() {
    const { store, clock } = this;
    this.signals.follow(clock.t, clock);
    batch(() => {
      store.t.value = clock.t;
      store.start.value = clock.start;
      store.zero.value = clock.zero;
      store.end.value = clock.end;
      store.playing.value = clock.playing;
      store.speed.value = clock.speed;
      store.following.value = clock.following;
      store.growing.value = clock.growing;
      const known = HEADER_SIGNALS.filter((name) => this.signals.known.has(name));
      // What is still on its way is shown as it was: it will be there before anybody has read it.
      const valueOf = (name) => this.signals.value(name, clock.t) ?? store.shown.value[name];
      const shown = Object.fromEntries(known.map((name) => [name, valueOf(name)]));
      if (JSON.stringify(shown) !== JSON.stringify(store.shown.value)) store.shown.value = shown;
      if (store.stage.value === "ready") this.#colour();
    });
  }

  /** Lamps and packs take the colours of their signals. */
  #colour() {
    const changes = this.bindings.changes((name) => this.signals.value(name, this.clock.t), (frame) => this.standOf(frame));
    if (!changes.length) return;
    for (const change of changes) this.stage?.recolour(change);
    const charges = changes.filter(({ charge }) => charge).map(({ frame, charge }) => [frame, charge]);
    if (charges.length) this.store.charge.value = { ...this.store.charge.value, ...Object.fromEntries(charges) };
    this.dirty = true;
  }

  #write() {
    this.stage?.write({ labelled: this.store.labelled.value, language: this.store.language.value });
  }

  /** The server was lost, or is there again: go on where this page was. */
  #connection(state) {
    this.store.connection.value = state;
    const shown = this.store.manifest.value;
    if (state === "refused" && shown) leavePlace({ title: shown.title, t: this.clock.t });
    if (state === "open") this.#resume().catch((error) => this.fail(error));
  }

  async #resume() {
    this.dirty = true;
    const shown = this.store.manifest.value;
    if (!shown || this.store.stage.value !== "ready") return this.start();
    const manifest = await this.source.open(shown.id);
    const same = !manifest.waiting && JSON.stringify(manifest.metadata) === JSON.stringify(shown.metadata);
    if (same) await this.#grow(manifest);
    else await this.start();
  }

  async #grow(growth) {
    if (growth.id !== this.id) return;
    const waiting = this.store.manifest.value?.id !== growth.id;
    if (waiting) {
      if (growth.waiting) this.store.stage.value = growth.running ? "waiting" : "ended";
      else if (this.store.stage.value === "waiting") await this.open(growth.id).catch((error) => this.fail(error));
      return;
    }
    this.clock.grow(growth.end_ns, this.now());
    this.signals.grow(growth.end_ns, growth.running && !growth.finished);
    if (growth.finished || !growth.running) this.clock.finish(growth.end_ns);
    if (growth.piece) this.cache.add(growth.piece);
    await this.#catchUp(growth);
  }

  /** Fetch the events this page does not know yet. */
  async #catchUp(growth) {
    const known = this.store.events.value.length;
    if (growth.event_count <= known) return;
    try {
      const { events } = await this.source.tail(growth.id, known);
      if (this.id === growth.id && this.store.events.value.length === known) {
        this.store.events.value = [...this.store.events.value, ...events];
      }
    } catch (error) {
      this.fail(error);
    }
  }
}
