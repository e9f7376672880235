import assert from "node:assert/strict";
import test from "node:test";
import { lookAt, movedBounds } from "../../../web/player/src/scene/camera.js";
import { readGlb } from "../../../web/player/src/scene/glb.js";

/** A triangle as a GLB, with a node and a material. */
function triangle({ node = {}, material = { name: "paint" }, normals = null, required = [] } = {}) {
  const points = Float32Array.of(0, 0, 0, 1, 0, 0, 0, 1, 0);
  const parts = [new Uint8Array(points.buffer), new Uint8Array(Uint16Array.of(0, 1, 2, 0).buffer)];
  const accessors = [
    { bufferView: 0, componentType: 5126, count: 3, type: "VEC3" },
    { bufferView: 1, componentType: 5123, count: 3, type: "SCALAR" },
  ];
  const bufferViews = [
    { buffer: 0, byteOffset: 0, byteLength: 36 },
    { buffer: 0, byteOffset: 36, byteLength: 6 },
  ];
  const attributes = { POSITION: 0 };
  if (normals) {
    parts.push(new Uint8Array(Int8Array.of(...normals, 0, 0, 0).buffer));
    bufferViews.push({ buffer: 0, byteOffset: 44, byteLength: 9 });
    accessors.push({ bufferView: 2, componentType: 5120, normalized: true, count: 3, type: "VEC3" });
    attributes.NORMAL = 2;
  }
  const document = {
    asset: { version: "2.0" },
    extensionsRequired: required,
    scenes: [{ nodes: [0] }],
    nodes: [{ mesh: 0, ...node }],
    meshes: [{ primitives: [{ attributes, indices: 1, material: 0 }] }],
    materials: [material],
    accessors,
    bufferViews,
  };
  let text = JSON.stringify(document);
  text += " ".repeat((4 - (text.length % 4)) % 4);
  const body = Buffer.concat(parts);
  const glb = Buffer.alloc(28 + text.length + body.length);
  glb.writeUInt32LE(0x46546c67, 0);
  glb.writeUInt32LE(2, 4);
  glb.writeUInt32LE(glb.length, 8);
  glb.writeUInt32LE(text.length, 12);
  glb.writeUInt32LE(0x4e4f534a, 16);
  glb.write(text, 20);
  glb.writeUInt32LE(body.length, 20 + text.length);
  glb.writeUInt32LE(0x004e4942, 24 + text.length);
  body.copy(glb, 28 + text.length);
  return new Uint8Array(glb);
}

const near = (a, b) => [...a].every((value, i) => Math.abs(value - b[i]) < 1e-5);

test("a GLB is y up, the station z up", () => {
  const [primitive] = readGlb(triangle());
  assert.ok(near(primitive.points, [0, 0, 0, 1, 0, 0, 0, 0, 1]));
  assert.deepEqual([...primitive.triangles], [0, 1, 2]);
});

test("the shipped parts' root rotation cancels the turn", () => {
  const [primitive] = readGlb(triangle({ node: { rotation: [-Math.SQRT1_2, 0, 0, Math.SQRT1_2] } }));
  assert.ok(near(primitive.points, [0, 0, 0, 1, 0, 0, 0, 1, 0]));
  assert.ok(near(primitive.normals, [0, 0, 1, 0, 0, 1, 0, 0, 1]), "and normals are made where there are none");
});

test("normals stay upright under uneven scale and in a mirror", () => {
  const up = [0, 0, 127, 0, 0, 127, 0, 0, 127];
  for (const scale of [[2, 3, 4], [-1, 1, 1]]) {
    const [primitive] = readGlb(triangle({ node: { scale }, normals: up }));
    assert.ok(near(primitive.normals.slice(0, 3), [0, -1, 0]), String(scale));
  }
  assert.deepEqual([...readGlb(triangle({ node: { scale: [-1, 1, 1] } }))[0].triangles], [1, 0, 2]);
});

test("materials have glTF's defaults", () => {
  const { material } = readGlb(triangle({ material: {} }))[0];
  assert.deepEqual([material.colour, material.metallic, material.roughness, material.blended], [[1, 1, 1, 1], 1, 1, false]);
});

test("what is no GLB, or needs what this reader lacks, is refused in words", () => {
  assert.throws(() => readGlb(new Uint8Array(40)), /not a binary glTF/);
  assert.throws(() => readGlb(triangle({ required: ["KHR_draco_mesh_compression"] })), /KHR_draco/);
});

test("bounds move with their frame, and a view stands off from them", () => {
  const turned = [0, 1, 0, 0, -1, 0, 0, 0, 0, 0, 1, 0, 5, 0, 0, 1];
  assert.deepEqual(movedBounds([0, 2, 0, 1, 0, 1], turned), [4, 5, 0, 2, 0, 1]);
  const { position, focalPoint } = lookAt([-1, 1, -1, 1, -1, 1], [0, 1, 0], 1, 30);
  assert.ok(near(focalPoint, [0, 0, 0]));
  assert.ok(position[1] < -5 && Math.abs(position[0]) < 1e-9);
});
