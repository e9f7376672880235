// One part of the station: its GLB as few vtk.js actors, one for everything that looks alike.

import vtkActor from "@kitware/vtk.js/Rendering/Core/Actor.js";
import vtkDataArray from "@kitware/vtk.js/Common/Core/DataArray.js";
import vtkMapper from "@kitware/vtk.js/Rendering/Core/Mapper.js";
import vtkPolyData from "@kitware/vtk.js/Common/DataModel/PolyData.js";
import { TriangleTree } from "./bvh.js";
import { shade } from "./shading.js";

/** Materials recoloured from signals get an actor of their own. */
const SEAMS = /^(soc|lamp_|headlight|tail_light)/;
const SHADOW = "shadow";

/** Linear 0..1 to sRGB 0..1. */
export function toSrgb(linear) {
  const c = Math.min(Math.max(linear, 0), 1);
  return c <= 0.0031308 ? c * 12.92 : 1.055 * c ** (1 / 2.4) - 0.055;
}

/** Which primitives may be drawn together. */
export function lookOf(material) {
  if (material.name === SHADOW || material.blended || SEAMS.test(material.name)) return `material:${material.name}`;
  const glow = material.emission.some((c) => c > 0) ? "glow" : "plain";
  return `${glow}:${material.metallic > 0.5 ? "metal" : "matt"}:${material.roughness < 0.4 ? "gloss" : "dull"}`;
}

/** Primitives grouped by look and joined: {look, material, points, normals, colours (RGBA bytes), polys}. */
export function joinByLook(primitives) {
  const groups = new Map();
  for (const primitive of primitives) {
    const look = lookOf(primitive.material);
    if (!groups.has(look)) groups.set(look, []);
    groups.get(look).push(primitive);
  }
  return [...groups].map(([look, members]) => join(look, members));
}

function join(look, members) {
  const count = members.reduce((sum, member) => sum + member.points.length / 3, 0);
  const corners = members.reduce((sum, member) => sum + member.triangles.length, 0);
  const points = new Float32Array(count * 3);
  const normals = new Float32Array(count * 3);
  const colours = new Uint8Array(count * 4);
  const polys = new Uint32Array((corners / 3) * 4);
  let vertex = 0;
  let at = 0;
  for (const member of members) {
    points.set(member.points, vertex * 3);
    normals.set(member.normals, vertex * 3);
    paint(member, colours, vertex);
    for (let i = 0; i < member.triangles.length; i += 3) {
      polys[at++] = 3;
      for (let k = 0; k < 3; k++) polys[at++] = member.triangles[i + k] + vertex;
    }
    vertex += member.points.length / 3;
  }
  return { look, material: members[0].material, points, normals, colours, polys };
}

function paint({ material, colour, points }, out, vertex) {
  for (let i = 0; i < points.length / 3; i++) {
    for (let c = 0; c < 4; c++) {
      const factor = material.colour[c] ?? 1;
      const own = colour && c < colour.width ? colour.values[i * colour.width + c] : 1;
      out[(vertex + i) * 4 + c] = Math.round(255 * (c < 3 ? toSrgb(factor * own) : factor * own));
    }
  }
}

/** Points and triangles of several primitives as one surface. */
function joinSurfaces(primitives) {
  const points = new Float32Array(primitives.reduce((sum, one) => sum + one.points.length, 0));
  const triangles = new Uint32Array(primitives.reduce((sum, one) => sum + one.triangles.length, 0));
  let vertex = 0;
  let corner = 0;
  for (const one of primitives) {
    points.set(one.points, vertex * 3);
    for (const index of one.triangles) triangles[corner++] = index + vertex;
    vertex += one.points.length / 3;
  }
  return [points, triangles];
}

function polyData(group) {
  const data = vtkPolyData.newInstance();
  data.getPoints().setData(group.points, 3);
  data.getPolys().setData(group.polys);
  data.getPointData().setNormals(
    vtkDataArray.newInstance({ name: "Normals", values: group.normals, numberOfComponents: 3 }),
  );
  data.getPointData().setScalars(
    vtkDataArray.newInstance({ name: "Colours", values: group.colours, numberOfComponents: 4 }),
  );
  return data;
}

function dress(property, { material, look }) {
  const gloss = 1 - material.roughness;
  const shine = 0.04 + (material.metallic > 0.5 ? 0.34 : 0.22) * gloss;
  property.setInterpolationToPhong();
  property.setAmbient(0);
  property.setDiffuse(material.metallic > 0.5 ? 0.94 : 1);
  property.setSpecular(shine);
  property.setSpecularPower(5 + 55 * gloss * gloss);
  property.setSpecularColor(1, 1, 1);
  if (material.name === SHADOW) {
    property.set({ ambient: 1, diffuse: 0, specular: 0, lighting: false });
  } else if (look.startsWith("glow") || material.emission.some((c) => c > 0)) {
    property.setAmbient(0.5);
    property.setDiffuse(0.55);
  }
}

/** The geometry of one GLB, shared by every part that uses it. */
export class PartShape {
  constructor(primitives) {
    this.groups = joinByLook(primitives).map((group) => ({ ...group, data: polyData(group) }));
    this.solid = primitives.filter((primitive) => primitive.material.name !== SHADOW);
  }

  /** Its surface for picking and measuring, in the link frame; made when first asked for. */
  get surface() {
    this.tree ??= new TriangleTree(...joinSurfaces(this.solid));
    return this.tree;
  }

  /** Axis-aligned bounds in the link frame without shadows: [x0, x1, y0, y1, z0, z1], or null. */
  get bounds() {
    const solid = this.groups.filter((group) => group.material.name !== SHADOW);
    if (!solid.length) return null;
    const all = solid.map((group) => group.data.getBounds());
    return [0, 1, 2, 3, 4, 5].map((i) => Math[i % 2 ? "max" : "min"](...all.map((bounds) => bounds[i])));
  }
}

/** One part in the picture: the actors of its shape under one matrix. */
export class Part {
  /** @param id unique in a scene; @param frame the frame it moves with */
  constructor(id, name, frame, shape) {
    this.id = id;
    this.name = name;
    this.frame = frame;
    this.area = frame.split(".")[0];
    this.shape = shape;
    this.actors = shape.groups.map(actorOf);
    /** The actors that must be drawn after everything solid. */
    this.blended = this.actors.filter((_, i) => shape.groups[i].material.blended);
    this.ghosts = [];
    this.look = { hidden: false, ghosted: false, selected: false, evening: false, cut: null, known: 0, other: false };
    this.present = true;
    this.matrix = null;
  }

  /** Drawn, solid or see-through. */
  get visible() {
    return this.present && !this.look.hidden;
  }

  /** Column-major world matrix. @param present false: it is not in the station, or nobody knows where */
  place(matrix, present) {
    this.matrix = matrix;
    this.present = present;
    if (present) for (const actor of [...this.actors, ...this.ghosts]) actor.setUserMatrix(matrix);
    this.#show();
  }

  /**
   * How it is drawn: any of hidden, ghosted, selected, evening, cut (a vtkPlane or null), known (known.js).
   * @returns actors made for it, to be drawn after everything else
   */
  dress(change) {
    const before = this.look;
    this.look = { ...before, ...change };
    const made = this.look.ghosted && !this.ghosts.length ? this.#makeGhosts() : [];
    if (made.length || ["selected", "evening", "cut", "known", "other"].some((key) => before[key] !== this.look[key])) this.#shade();
    this.#show();
    return made;
  }

  /** Recolour what is made of `material`: sRGB 0..1, or null for its own colour; `lit` shines by itself. */
  recolour(material, rgb, lit = false) {
    this.shape.groups.forEach((group, i) => {
      if (group.material.name !== material) return;
      const property = this.actors[i].getProperty();
      this.actors[i].getMapper().setScalarVisibility(rgb === null);
      dress(property, group);
      if (rgb === null) return;
      property.setColor(...rgb);
      property.set({ ambient: lit ? 0.75 : 0, diffuse: lit ? 0.3 : 1 });
    });
  }

  /** The same shape once more, in its own frame, as another log has it; its actors are made when it is first dressed. */
  twin() {
    return new Part(`${this.id} other`, this.name, this.frame, this.shape);
  }

  #makeGhosts() {
    this.ghosts = this.shape.groups.filter((group) => group.material.name !== SHADOW).map(actorOf);
    for (const ghost of this.ghosts) {
      ghost.getProperty().setBackfaceCulling(true);
      if (this.matrix) ghost.setUserMatrix(this.matrix);
    }
    return this.ghosts;
  }

  #shade() {
    const { selected, evening, cut, known, other } = this.look;
    const draw = (actor, ghost) => {
      const mapper = actor.getMapper();
      mapper.removeAllClippingPlanes();
      if (cut) mapper.addClippingPlane(cut);
      if (mapper.getViewSpecificProperties().OpenGL) shade(mapper, { selected, evening, cut: Boolean(cut), ghost, known, other });
    };
    for (const actor of this.actors) draw(actor, false);
    for (const ghost of this.ghosts) draw(ghost, true);
  }

  #show() {
    for (const actor of this.actors) actor.setVisibility(this.visible && !this.look.ghosted);
    for (const ghost of this.ghosts) ghost.setVisibility(this.visible && this.look.ghosted);
  }
}

function actorOf(group) {
  const mapper = vtkMapper.newInstance();
  mapper.setInputData(group.data);
  mapper.setColorModeToDirectScalars();
  mapper.setScalarModeToUsePointData();
  if (group.material.name !== SHADOW) shade(mapper);
  const actor = vtkActor.newInstance();
  actor.setMapper(mapper);
  dress(actor.getProperty(), group);
  actor.setForceOpaque(true);
  return actor;
}
