// The picture: vtk.js renderer, lights, floor, parts, camera. Draws when asked, knows nothing of records.

import "@kitware/vtk.js/Rendering/Profiles/Geometry.js";
import vtkLight from "@kitware/vtk.js/Rendering/Core/Light.js";
import vtkOpenGLRenderWindow from "@kitware/vtk.js/Rendering/OpenGL/RenderWindow.js";
import vtkPlane from "@kitware/vtk.js/Common/DataModel/Plane.js";
import vtkRenderWindow from "@kitware/vtk.js/Rendering/Core/RenderWindow.js";
import vtkRenderer from "@kitware/vtk.js/Rendering/Core/Renderer.js";
import { unpack } from "../chunk.js";
import { MATRIX } from "../frames.js";
import { CameraMove, joinBounds, lookAt, movedBounds, VIEWS } from "./camera.js";
import { interact } from "./controls.js";
import { closest } from "./distance.js";
import { twoFingers } from "./fingers.js";
import { readGlb } from "./glb.js";
import { Ground } from "./ground.js";
import { Labels } from "./labels.js";
import { Overlay } from "./overlay.js";
import { Part, PartShape } from "./part.js";
import { blocked, pickPart, surfaceInWorld } from "./pick.js";
import { Projection } from "./projection.js";
import { Quality } from "./quality.js";
import { SKY, SUN } from "./shading.js";

/** Colours of the surroundings, sRGB 0..1. */
export const SURROUNDINGS = {
  light: { background: [0.925, 0.937, 0.949], floor: [0.83, 0.845, 0.855] },
  dark: { background: [0.082, 0.098, 0.118], floor: [0.16, 0.18, 0.205] },
};
/** What stands farther than this from the middle is a truck that has gone, not part of the picture. */
const FAR_M = 60;
/** A label is hidden by what stands at least so far before it. */
const HIDES_M = 0.25;
/** What was written hastily while things moved is written well when they stood so long. */
const STILL_MS = 200;
const NEAR_CLIP_M = 0.08;
const VIEW_ANGLE = 30;
/** A part that is so much elsewhere in another log has a ghost there: m, and the same of a turn's matrix. */
const ELSEWHERE = 0.005;
const AXES = ["x", "y", "z"];

export class Stage {
  constructor(container) {
    this.container = container;
    this.parts = [];
    this.full = [1, 1];
    this.renderer = vtkRenderer.newInstance();
    this.renderWindow = vtkRenderWindow.newInstance();
    this.renderWindow.addRenderer(this.renderer);
    this.view = vtkOpenGLRenderWindow.newInstance();
    this.view.setContainer(container);
    this.renderWindow.addView(this.view);
    this.camera = this.renderer.getActiveCamera();
    this.camera.set({ viewUp: [0, 0, 1], viewAngle: VIEW_ANGLE });
    this.#light();
    this.interactor = interact(this.view, container);
    this.letGo = twoFingers(container, this.camera, () => {
      this.camera.setClippingRange(NEAR_CLIP_M, 2.5 * FAR_M);
      this.interactor.render();
    });
    // A hand on the picture takes the camera over.
    this.takeOver = () => (this.move = null);
    for (const event of ["pointerdown", "wheel"]) container.addEventListener(event, this.takeOver, { passive: true });
    this.overlay = new Overlay(container);
    this.interactor.onRenderEvent(() => this.#write(true));
    this.quality = new Quality();
    this.ground = null;
    this.move = null;
    this.followed = null;
    this.cut = null;
    this.selected = null;
    /** The pack that moved last. */
    this.mover = null;
    /** Whether the surfaces of all parts are sorted. */
    this.sorted = false;
    this.setTheme("light");
    this.observer = new ResizeObserver(() => this.resize());
    this.observer.observe(container);
    this.resize();
  }

  /** Whether this browser can draw at all. */
  static supported() {
    return Boolean(document.createElement("canvas").getContext("webgl2"));
  }

  // What is in the picture

  /**
   * Read the models of the pieces of a scene; none shows the floor alone.
   * @param frameIndex name of a frame → its number; models of other frames stand in the world
   * @returns plain sentences about models that could not be read
   */
  load(pieces, frameIndex) {
    this.clear();
    const shapes = [];
    const ids = new Set();
    const damage = [];
    for (const piece of pieces) this.#read(unpack(piece), { frameIndex, shapes, ids, damage });
    this.#add();
    this.#warm(shapes);
    return damage;
  }

  #read({ header, arrays }, { frameIndex, shapes, ids, damage }) {
    const own = new Map();
    for (const model of header.models) {
      try {
        if (!own.has(model.glb)) own.set(model.glb, new PartShape(readGlb(arrays[model.glb])));
        const part = new Part(uniqueId(model, ids), model.name, model.frame, own.get(model.glb));
        part.index = frameIndex.get(model.frame) ?? -1;
        this.parts.push(part);
      } catch (error) {
        damage.push(`${model.name || model.frame}: ${error.message}`);
      }
    }
    shapes.push(...own.values());
  }

  /**
   * Surfaces are sorted for picking one at a time while nothing else happens, so that the first click is quick too. The
   * first picture does not wait for it: until then no label is looked after.
   */
  #warm(shapes) {
    const parts = this.parts;
    this.sorted = false;
    const next = () => {
      if (this.parts !== parts) return;
      if (shapes.pop()?.surface) return setTimeout(next, 30);
      this.sorted = true;
      this.#write(false);
    };
    setTimeout(next, 300);
  }

  /**
   * Drawn in this order: what is solid, then the floor only where nothing stands on it, then what is blended over
   * both. vtk.js's own pass for translucent things costs a software renderer as much as all the rest.
   */
  #add() {
    const actors = this.parts.flatMap((part) => part.actors);
    const blended = new Set(this.parts.flatMap((part) => part.blended));
    this.ground = new Ground([0, 3]);
    this.setTheme(this.theme);
    actors.filter((actor) => !blended.has(actor)).forEach((actor) => this.renderer.addActor(actor));
    this.renderer.addActor(this.ground.actor);
    blended.forEach((actor) => this.renderer.addActor(actor));
  }

  clear() {
    if (this.ground) this.renderer.removeActor(this.ground.actor);
    this.ground = null;
    for (const part of this.parts) {
      for (const actor of [...part.actors, ...part.ghosts, ...(part.other?.ghosts ?? [])]) {
        this.renderer.removeActor(actor);
        actor.getMapper().delete();
        actor.delete();
      }
    }
    this.parts = [];
    this.overlay.lines = [];
    this.overlay.labels = new Labels();
    this.followed = this.move = this.mover = this.cut = this.selected = null;
  }

  /** Place every part by the world matrices of the frames (column-major, 16 a frame). */
  place(world) {
    for (const part of this.parts) {
      if (part.index < 0) continue;
      const matrix = world.subarray(part.index * MATRIX, (part.index + 1) * MATRIX);
      const near = Math.hypot(matrix[12], matrix[13], matrix[14]) < FAR_M;
      if (same(part.matrix, matrix)) continue;
      if (part.area === "pack" && part.matrix) this.mover = part;
      part.place(Float64Array.from(matrix), near); // NaN is never near
    }
    this.#keepUp();
  }

  /**
   * How well it is known where each frame is: codes by frame (known.js).
   * @returns the codes of what is in the station
   */
  know(states) {
    const seen = new Set();
    for (const part of this.parts) {
      const known = part.index < 0 ? 0 : states[part.index];
      if (part.look.known !== known) this.#dress(part, { known });
      if (part.present) seen.add(known);
    }
    return seen;
  }

  /**
   * Show where the parts are in another log, as ghosts: those that are elsewhere than here.
   * @param tree its frames with their world matrices; null ends it
   */
  placeOther(tree) {
    for (const part of this.parts) {
      const index = tree?.index.get(part.frame) ?? -1;
      const matrix = index < 0 ? null : tree.world.subarray(index * MATRIX, (index + 1) * MATRIX);
      const there = matrix !== null && part.index >= 0 && Math.hypot(matrix[12], matrix[13], matrix[14]) < FAR_M && elsewhere(part.matrix, matrix);
      if (!there && !part.other) continue;
      if (!part.other) {
        part.other = part.twin();
        part.other.actors = [];
        for (const actor of part.other.dress({ ghosted: true, other: true })) this.renderer.addActor(actor);
      }
      part.other.place(there ? Float64Array.from(matrix) : part.other.matrix, there && part.visible);
    }
  }

  part(id) {
    return this.parts.find((part) => part.id === id) ?? null;
  }

  /**
   * Recolour a material of a part: sRGB 0..1, or null for its own; `lit` gives it light of its own. What also has a
   * `charge` is a pack: its label says so.
   */
  recolour({ frame, part: name, material, rgb, lit, charge }) {
    for (const part of this.parts) {
      if (part.frame === frame && part.name === name) part.recolour(material, rgb, lit);
    }
    if (charge) this.overlay.labels.charge(frame, charge, rgb);
  }

  /** What is written beside the parts: [{kind, frame, at, text: {en, zh}}], see labels.js. */
  label(labels) {
    this.overlay.labels = new Labels(labels, this.parts);
  }

  /** Whether labels are written, and in which language. */
  write({ labelled, language }) {
    Object.assign(this.overlay, { labelled, language });
  }

  /** What is drawn and how: `hidden` parts not at all, `ghosted` ones see-through; ids in sets. */
  setShown({ hidden = new Set(), ghosted = new Set() }) {
    for (const part of this.parts) this.#dress(part, { hidden: hidden.has(part.id), ghosted: ghosted.has(part.id) });
  }

  /** Highlight one part, or none. */
  select(id) {
    this.selected = id;
    for (const part of this.parts) {
      if (part.look.selected !== (part.id === id)) this.#dress(part, { selected: part.id === id });
    }
  }

  // Pointing and measuring

  /** What is seen at a point of the canvas (CSS pixels): {frame, part, point}, or null. See-through parts let through. */
  pick(x, y) {
    const projection = this.projection();
    return pickPart(this.parts, projection.eye, projection.ray(x, y), this.cut);
  }

  /** Where a point of the station is on the canvas: {x, y, depth} in CSS pixels; null behind the camera. */
  project(point) {
    return this.projection().point(point);
  }

  /** The shortest line between the drawn surfaces of two parts: {metres, from, to}; null where one is not there. */
  distance(idA, idB) {
    const [a, b] = [this.part(idA), this.part(idB)];
    if (!a?.present || !b?.present) return null;
    return closest(surfaceInWorld(a), surfaceInWorld(b));
  }

  /** Draw measuring lines: [{from, to, text}], points in the station. */
  mark(lines) {
    this.overlay.lines = lines;
    this.#draw();
  }

  /**
   * Cut the picture open at a plane, or close it again (null).
   * @param axis "x", "y" or "z"; @param at where along it, m
   * The side the camera is on when the axis is chosen is the one taken away.
   */
  section(cut) {
    // Said at every start; drawing the station once more for it would hold up the first picture.
    if (!cut && !this.cut) return;
    if (!cut) {
      this.cut = null;
    } else {
      const k = AXES.indexOf(cut.axis);
      const keep = this.cut?.axis === cut.axis ? this.cut.keep : this.camera.getPosition()[k] > cut.at ? -1 : 1;
      const plane = this.cut?.plane ?? vtkPlane.newInstance();
      plane.setOrigin(...AXES.map((_, i) => (i === k ? cut.at : 0)));
      plane.setNormal(...AXES.map((_, i) => (i === k ? keep : 0)));
      this.cut = { axis: cut.axis, at: cut.at, k, keep, plane };
    }
    for (const part of this.parts) this.#dress(part, { cut: this.cut?.plane ?? null });
    this.#draw();
  }

  /** Bounds of a part, or of everything there is: [x0, x1, y0, y1, z0, z1], m; null of nothing. */
  bounds(id = null) {
    return this.#boundsOf((part) => id === null || part.id === id);
  }

  // The camera

  /** Names of the views that this scene has something to show for. */
  views() {
    return Object.keys(VIEWS).filter((name) => this.#seenBy(VIEWS[name]).length);
  }

  /** @param atOnce without the smooth way there */
  look(name, atOnce = false) {
    const view = VIEWS[name];
    const seen = this.#seenBy(view);
    this.#go(this.#from(view, seen), atOnce);
    this.follow(view.follow && seen.length ? seen[0].frame : null);
  }

  /** Draw what a view sees into another canvas, once; the picture stays as it is. */
  snapshot(name, canvas) {
    const { camera } = this;
    const view = VIEWS[name];
    const kept = { position: camera.getPosition(), focalPoint: camera.getFocalPoint(), viewUp: camera.getViewUp() };
    const draw = () => {
      camera.setClippingRange(NEAR_CLIP_M, 2.5 * FAR_M);
      this.renderWindow.render();
    };
    camera.set({ viewUp: [0, 0, 1] });
    this.#put(this.#from(view, this.#seenBy(view)));
    draw();
    // At once: what WebGL drew is gone when this task ends.
    const drawn = this.view.getCanvas();
    const scale = Math.max(canvas.width / drawn.width, canvas.height / drawn.height);
    const [width, height] = [drawn.width * scale, drawn.height * scale];
    canvas.getContext("2d").drawImage(drawn, (canvas.width - width) / 2, (canvas.height - height) / 2, width, height);
    camera.set({ viewUp: kept.viewUp });
    this.#put(kept);
    draw();
  }

  /** Where a view looks from, and at what. */
  #from(view, seen) {
    const bounds = this.#boundsOf((part) => seen.includes(part)) ?? this.bounds() ?? [-8, 8, -4, 9, 0, 4];
    return lookAt(bounds, view.direction, view.margin, VIEW_ANGLE);
  }

  /** The parts a view is about: one of them where it follows. */
  #seenBy({ parts, follow }) {
    for (const pattern of parts) {
      const seen = this.parts.filter((part) => pattern.test(part.id) && part.present && part.matrix);
      if (seen.length) return follow ? [seen.includes(this.mover) ? this.mover : seen[0]] : seen;
    }
    return [];
  }

  /** Bring one part into the middle, looking the way the camera looks now. */
  focus(id) {
    const bounds = this.bounds(id);
    if (!bounds) return;
    this.#go(lookAt(bounds, this.camera.getDirectionOfProjection(), 1.6, VIEW_ANGLE));
  }

  /** Let the camera go along with a frame, or stay (null). */
  follow(frame) {
    const part = frame === null ? null : this.parts.find((one) => one.frame === frame && one.matrix);
    this.followed = part ? { frame, part, at: [...part.matrix.slice(12, 15)] } : null;
  }

  /** Bring the camera on its way at the wall time `now`, s; true while it moves. */
  tick(now) {
    if (!this.move) return false;
    this.move.began ??= now;
    this.#put(this.move.at(now));
    if (this.move.done(now)) this.move = null;
    return true;
  }

  projection() {
    const { width, height } = this.container.getBoundingClientRect();
    const camera = this.camera;
    return new Projection(
      { position: camera.getPosition(), focalPoint: camera.getFocalPoint(), viewUp: camera.getViewUp(), viewAngle: VIEW_ANGLE },
      width,
      height,
    );
  }

  // Drawing

  /** @param moving whether the next frame will follow as soon as it can */
  render(moving = false) {
    this.#size(this.quality.frame(performance.now(), moving));
    this.#draw(moving);
  }

  /** To be called when there is nothing to render: what was drawn coarsely while it moved is drawn in full. */
  settle() {
    if (this.quality.settle(performance.now())) {
      this.#size(1);
      this.#draw();
    } else if (this.hasty && performance.now() - this.writtenAt > STILL_MS) {
      this.#write(false);
    }
  }

  /** The picture as it is seen now, in full: a promise of a PNG Blob. */
  picture() {
    this.#size(1);
    this.#draw();
    const drawn = this.view.getCanvas();
    const canvas = document.createElement("canvas");
    Object.assign(canvas, { width: drawn.width, height: drawn.height });
    const context = canvas.getContext("2d");
    // At once: what WebGL drew is gone when this task ends.
    context.drawImage(drawn, 0, 0);
    context.drawImage(this.overlay.canvas, 0, 0, canvas.width, canvas.height);
    return new Promise((resolve, reject) => {
      canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("the picture could not be encoded"))), "image/png");
    });
  }

  setTheme(theme) {
    this.theme = this.overlay.theme = theme;
    const { background, floor } = SURROUNDINGS[theme];
    this.renderer.setBackground(...background);
    this.ground?.paint(floor, background);
    for (const part of this.parts) this.#dress(part, { evening: theme === "dark" });
  }

  resize() {
    const { width, height } = this.container.getBoundingClientRect();
    if (!width || !height) return;
    const ratio = Math.min(window.devicePixelRatio || 1, 2);
    this.full = [width * ratio, height * ratio];
    this.overlay.resize(width, height, ratio);
    this.#size(this.quality.scale);
    this.#draw();
  }

  close() {
    this.observer.disconnect();
    this.letGo();
    this.interactor.unbindEvents();
    for (const event of ["pointerdown", "wheel"]) this.container.removeEventListener(event, this.takeOver);
    this.clear();
    this.overlay.close();
    this.view.delete();
  }

  #dress(part, look) {
    for (const actor of part.dress(look)) this.renderer.addActor(actor);
  }

  #go(to, atOnce = false) {
    const from = { position: this.camera.getPosition(), focalPoint: this.camera.getFocalPoint() };
    this.camera.set({ viewUp: [0, 0, 1] });
    this.move = atOnce ? null : new CameraMove(from, to, null);
    if (atOnce) this.#put(to);
  }

  #put({ position, focalPoint }) {
    this.camera.setPosition(...position);
    this.camera.setFocalPoint(...focalPoint);
  }

  /** The camera goes as far as what it follows went. */
  #keepUp() {
    if (!this.followed?.part.present) return;
    const now = [...this.followed.part.matrix.slice(12, 15)];
    const by = now.map((c, k) => c - this.followed.at[k]);
    this.followed.at = now;
    if (!by.some(Boolean)) return;
    this.camera.setPosition(...this.camera.getPosition().map((c, k) => c + by[k]));
    this.camera.setFocalPoint(...this.camera.getFocalPoint().map((c, k) => c + by[k]));
    this.move?.shift(by);
  }

  #size(scale) {
    const [width, height] = this.full.map((side) => Math.max(1, Math.floor(side * scale)));
    const [oldWidth, oldHeight] = this.view.getSize();
    if (width !== oldWidth || height !== oldHeight) this.view.setSize(width, height);
  }

  #draw(moving = false) {
    this.camera.setClippingRange(NEAR_CLIP_M, 2.5 * FAR_M);
    this.renderWindow.render();
    this.#write(moving);
  }

  /** @param moving the next picture follows soon: labels are looked after hastily */
  #write(moving) {
    this.hasty = moving;
    this.writtenAt = performance.now();
    const projection = this.projection();
    const hidden = (point, own) => this.sorted && blocked(this.parts, projection.eye, point, own, HIDES_M);
    this.overlay.draw(projection, hidden, moving);
  }

  #boundsOf(wanted) {
    const boxes = this.parts
      .filter((part) => wanted(part) && part.matrix && part.present && part.shape.bounds)
      .map((part) => movedBounds(part.shape.bounds, part.matrix));
    return joinBounds(boxes);
  }

  #light() {
    this.renderer.setAutomaticLightCreation(false);
    this.renderer.removeAllLights();
    for (const from of [SUN, SKY]) {
      const light = vtkLight.newInstance({ positional: false });
      light.setLightTypeToSceneLight();
      light.setPosition(...from);
      light.setFocalPoint(0, 0, 0);
      this.renderer.addLight(light);
    }
  }
}

function uniqueId({ frame, name }, taken) {
  let id = name === frame || !name ? frame : `${frame}/${name}`;
  for (let n = 2; taken.has(id); n++) id = `${frame}/${name}#${n}`;
  taken.add(id);
  return id;
}

function same(a, b) {
  if (!a) return false;
  for (let i = 0; i < MATRIX; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** Whether two world matrices differ by what one can see; what is unknown is nowhere. */
function elsewhere(a, b) {
  if (!a) return true;
  for (let i = 0; i < MATRIX; i++) if (Math.abs(a[i] - b[i]) > ELSEWHERE) return true;
  return false;
}
