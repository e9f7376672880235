// The picture: vtk.js renderer, lights, floor, parts, camera. Draws when asked, knows nothing of time.

import "@kitware/vtk.js/Rendering/Profiles/Geometry.js";
import vtkInteractorStyleManipulator from "@kitware/vtk.js/Interaction/Style/InteractorStyleManipulator.js";
import vtkLight from "@kitware/vtk.js/Rendering/Core/Light.js";
import vtkOpenGLRenderWindow from "@kitware/vtk.js/Rendering/OpenGL/RenderWindow.js";
import vtkRenderWindow from "@kitware/vtk.js/Rendering/Core/RenderWindow.js";
import vtkRenderWindowInteractor from "@kitware/vtk.js/Rendering/Core/RenderWindowInteractor.js";
import vtkRenderer from "@kitware/vtk.js/Rendering/Core/Renderer.js";
import vtkGestureCameraManipulator from "@kitware/vtk.js/Interaction/Manipulators/GestureCameraManipulator.js";
import vtkPan from "@kitware/vtk.js/Interaction/Manipulators/MouseCameraTrackballPanManipulator.js";
import vtkRotate from "@kitware/vtk.js/Interaction/Manipulators/MouseCameraTrackballRotateManipulator.js";
import vtkZoom from "@kitware/vtk.js/Interaction/Manipulators/MouseCameraTrackballZoomManipulator.js";
import { unpack } from "../chunk.js";
import { MATRIX } from "../frames.js";
import { joinBounds, lookAt, movedBounds, VIEWS } from "./camera.js";
import { readGlb } from "./glb.js";
import { Ground } from "./ground.js";
import { Part, PartShape } from "./part.js";
import { Quality } from "./quality.js";
import { SKY, SUN } from "./shading.js";

/** Colours of the surroundings, sRGB 0..1. */
export const SURROUNDINGS = {
  light: { background: [0.925, 0.937, 0.949], floor: [0.83, 0.845, 0.855] },
  dark: { background: [0.082, 0.098, 0.118], floor: [0.16, 0.18, 0.205] },
};
/** What stands farther than this from the middle is a truck that has gone, not part of the picture. */
const FAR_M = 60;
const NEAR_CLIP_M = 0.08;
const VIEW_ANGLE = 30;
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
    this.#light();
    this.#interact();
    this.quality = new Quality();
    this.ground = null;
    this.theme = "light";
    this.renderer.getActiveCamera().set({ viewUp: [0, 0, 1], viewAngle: VIEW_ANGLE });
    this.setTheme("light");
    this.observer = new ResizeObserver(() => this.resize());
    this.observer.observe(container);
    this.resize();
  }

  /** Whether this browser can draw at all. */
  static supported() {
    return Boolean(document.createElement("canvas").getContext("webgl2"));
  }

  /**
   * Read the models of a scene chunk; null shows the floor alone.
   * @param frameIndex name of a frame → its number; models of other frames stand in the world
   * @returns plain sentences about models that could not be read
   */
  load(bytes, frameIndex) {
    this.clear();
    const { header, arrays } = bytes ? unpack(bytes) : { header: { models: [] }, arrays: {} };
    const shapes = new Map();
    const damage = [];
    for (const model of header.models) {
      try {
        if (!shapes.has(model.glb)) shapes.set(model.glb, new PartShape(readGlb(arrays[model.glb])));
        const part = new Part(model.name, model.frame, shapes.get(model.glb));
        part.index = frameIndex.get(model.frame) ?? -1;
        this.parts.push(part);
      } catch (error) {
        damage.push(`${model.name || model.frame}: ${error.message}`);
      }
    }
    this.#add();
    return damage;
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
      for (const actor of part.actors) {
        this.renderer.removeActor(actor);
        actor.getMapper().delete();
        actor.delete();
      }
    }
    this.parts = [];
  }

  /** Place every part by the world matrices of the frames (column-major, 16 a frame). */
  place(world) {
    for (const part of this.parts) {
      if (part.index < 0) continue;
      const matrix = world.subarray(part.index * MATRIX, (part.index + 1) * MATRIX);
      const near = Math.hypot(matrix[12], matrix[13], matrix[14]) < FAR_M;
      if (same(part.matrix, matrix)) continue;
      part.matrix = Float64Array.from(matrix);
      part.place(part.matrix, near); // NaN is never near
    }
  }

  /** @param moving whether the next frame will follow as soon as it can */
  render(moving = false) {
    this.#size(this.quality.frame(performance.now(), moving));
    this.#draw();
  }

  /** To be called when there is nothing to render: what was drawn coarsely while it moved is drawn in full. */
  settle() {
    if (!this.quality.settle(performance.now())) return;
    this.#size(1);
    this.#draw();
  }

  /** Recolour a material of the part of a frame: sRGB 0..1, or null for its own. */
  recolour(frame, material, rgb) {
    return this.parts.filter((part) => part.frame === frame).some((part) => part.recolour(material, rgb));
  }

  /** Names of the views that this scene has something to show for. */
  views() {
    return Object.keys(VIEWS).filter((name) => this.#boundsOf(VIEWS[name].frames));
  }

  look(name) {
    const view = VIEWS[name];
    const bounds = this.#boundsOf(view.frames) ?? this.#boundsOf(/./) ?? [-8, 8, -4, 9, 0, 4];
    const camera = this.renderer.getActiveCamera();
    const { position, focalPoint } = lookAt(bounds, view.direction, view.margin, VIEW_ANGLE);
    camera.set({ viewUp: [0, 0, 1] });
    camera.setPosition(...position);
    camera.setFocalPoint(...focalPoint);
  }

  setTheme(theme) {
    this.theme = theme;
    const { background, floor } = SURROUNDINGS[theme];
    this.renderer.setBackground(...background);
    this.ground?.paint(floor, background);
  }

  resize() {
    const { width, height } = this.container.getBoundingClientRect();
    if (!width || !height) return;
    const ratio = Math.min(window.devicePixelRatio || 1, 2);
    this.full = [width * ratio, height * ratio];
    this.#size(this.quality.scale);
    this.#draw();
  }

  close() {
    this.observer.disconnect();
    this.interactor.unbindEvents();
    this.clear();
    this.view.delete();
  }

  #size(scale) {
    const [width, height] = this.full.map((side) => Math.max(1, Math.floor(side * scale)));
    const [oldWidth, oldHeight] = this.view.getSize();
    if (width !== oldWidth || height !== oldHeight) this.view.setSize(width, height);
  }

  #draw() {
    this.renderer.getActiveCamera().setClippingRange(NEAR_CLIP_M, 2.5 * FAR_M);
    this.renderWindow.render();
  }

  #boundsOf(pattern) {
    const boxes = this.parts
      .filter((part) => pattern.test(part.frame) && part.matrix && part.actors[0]?.getVisibility() && part.shape.bounds)
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

  #interact() {
    const interactor = vtkRenderWindowInteractor.newInstance();
    interactor.setView(this.view);
    interactor.initialize();
    interactor.bindEvents(this.container);
    const style = vtkInteractorStyleManipulator.newInstance();
    const rotate = vtkRotate.newInstance({ button: 1 });
    rotate.setUseWorldUpVec(true);
    rotate.setWorldUpVec([0, 0, 1]);
    style.addMouseManipulator(rotate);
    style.addMouseManipulator(vtkPan.newInstance({ button: 3 }));
    style.addMouseManipulator(vtkPan.newInstance({ button: 2 }));
    style.addMouseManipulator(vtkPan.newInstance({ button: 1, shift: true }));
    style.addMouseManipulator(vtkZoom.newInstance({ scrollEnabled: true, dragEnabled: false }));
    style.addGestureManipulator(vtkGestureCameraManipulator.newInstance());
    interactor.setInteractorStyle(style);
    this.interactor = interactor;
  }
}

function same(a, b) {
  if (!a) return false;
  for (let i = 0; i < MATRIX; i++) if (a[i] !== b[i]) return false;
  return true;
}
