// Binary glTF from memory: triangles by material, in the link frame (metres, z up). No textures, no compression.

const MAGIC = 0x46546c67;
const JSON_CHUNK = 0x4e4f534a;
const COMPONENTS = {
  5120: Int8Array,
  5121: Uint8Array,
  5122: Int16Array,
  5123: Uint16Array,
  5125: Uint32Array,
  5126: Float32Array,
};
const WIDTHS = { SCALAR: 1, VEC2: 2, VEC3: 3, VEC4: 4, MAT4: 16 };
const IDENTITY = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];
// glTF is y up, the station z up: (x, y, z) → (x, −z, y). Column-major.
const Y_UP_TO_Z_UP = [1, 0, 0, 0, 0, 0, 1, 0, 0, -1, 0, 0, 0, 0, 0, 1];

/** The primitives of a GLB: {material, points, normals, colours, triangles}. Throws on what is no GLB. */
export function readGlb(bytes) {
  const { document, body } = chunks(bytes);
  if (document.extensionsRequired?.length) {
    throw new Error(`glTF needs ${document.extensionsRequired.join(", ")}; export it without`);
  }
  const found = [];
  const roots = document.scenes?.[document.scene ?? 0]?.nodes ?? [];
  for (const root of roots) walk(document, body, root, Y_UP_TO_Z_UP, found);
  return found;
}

function chunks(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.byteLength < 20 || view.getUint32(0, true) !== MAGIC || view.getUint32(16, true) !== JSON_CHUNK) {
    throw new Error("not a binary glTF 2.0 file");
  }
  const length = view.getUint32(12, true);
  const document = JSON.parse(new TextDecoder().decode(bytes.subarray(20, 20 + length)));
  const at = 20 + length;
  const body = at + 8 <= bytes.byteLength ? bytes.subarray(at + 8, at + 8 + view.getUint32(at, true)) : new Uint8Array();
  return { document, body };
}

function walk(document, body, index, parent, found) {
  const node = document.nodes[index];
  const matrix = multiply(parent, nodeMatrix(node));
  if (node.mesh !== undefined) {
    for (const primitive of document.meshes[node.mesh].primitives) {
      if ((primitive.mode ?? 4) === 4) found.push(readPrimitive(document, body, primitive, matrix));
    }
  }
  for (const child of node.children ?? []) walk(document, body, child, matrix, found);
}

function nodeMatrix(node) {
  if (node.matrix) return node.matrix;
  const [x, y, z, w] = node.rotation ?? [0, 0, 0, 1];
  const [sx, sy, sz] = node.scale ?? [1, 1, 1];
  const [tx, ty, tz] = node.translation ?? [0, 0, 0];
  return [
    (1 - 2 * (y * y + z * z)) * sx, 2 * (x * y + z * w) * sx, 2 * (x * z - y * w) * sx, 0,
    2 * (x * y - z * w) * sy, (1 - 2 * (x * x + z * z)) * sy, 2 * (y * z + x * w) * sy, 0,
    2 * (x * z + y * w) * sz, 2 * (y * z - x * w) * sz, (1 - 2 * (x * x + y * y)) * sz, 0,
    tx, ty, tz, 1,
  ];
}

function multiply(a, b) {
  const out = new Array(16).fill(0);
  for (let column = 0; column < 4; column++) {
    for (let row = 0; row < 4; row++) {
      for (let k = 0; k < 4; k++) out[column * 4 + row] += a[k * 4 + row] * b[column * 4 + k];
    }
  }
  return out;
}

function readPrimitive(document, body, primitive, matrix) {
  const { POSITION, NORMAL, COLOR_0 } = primitive.attributes;
  const points = transform(values(document, body, POSITION), matrix, 1);
  const order = primitive.indices === undefined ? Uint32Array.from({ length: points.length / 3 }, (_, i) => i)
    : Uint32Array.from(values(document, body, primitive.indices));
  // A mirrored part has its triangles inside out.
  if (determinant(matrix) < 0) for (let i = 0; i < order.length; i += 3) [order[i], order[i + 1]] = [order[i + 1], order[i]];
  const normals = NORMAL === undefined ? flatNormals(points, order)
    : normalise(transform(values(document, body, NORMAL), cofactors(matrix), 0));
  const colour = COLOR_0 === undefined ? null
    : { width: WIDTHS[document.accessors[COLOR_0].type], values: values(document, body, COLOR_0) };
  return { material: readMaterial(document, primitive.material), points, normals, colour, triangles: order };
}

function readMaterial(document, index) {
  const material = index === undefined ? {} : document.materials[index];
  const look = material.pbrMetallicRoughness ?? {};
  return {
    name: material.name ?? "",
    colour: look.baseColorFactor ?? [1, 1, 1, 1],
    metallic: look.metallicFactor ?? 1,
    roughness: look.roughnessFactor ?? 1,
    emission: material.emissiveFactor ?? [0, 0, 0],
    blended: material.alphaMode === "BLEND",
  };
}

/** Elements of an accessor, tightly packed; normalised integers as 0..1 floats. */
function values(document, body, index) {
  const accessor = document.accessors[index];
  const width = WIDTHS[accessor.type];
  const Component = COMPONENTS[accessor.componentType];
  const out = accessor.normalized ? new Float32Array(accessor.count * width) : new Component(accessor.count * width);
  if (accessor.bufferView === undefined) return out;
  const view = document.bufferViews[accessor.bufferView];
  const size = Component.BYTES_PER_ELEMENT;
  const stride = view.byteStride ?? size * width;
  const start = body.byteOffset + (view.byteOffset ?? 0) + (accessor.byteOffset ?? 0);
  // Copied first: an element may lie at an address its type cannot be read from.
  const raw = body.buffer.slice(start, start + (accessor.count - 1) * stride + size * width);
  const scale = accessor.normalized ? 2 ** (size * 8 - (accessor.componentType % 2 ? 0 : 1)) - 1 : 1;
  const elements = new Component(raw, 0, Math.floor(raw.byteLength / size));
  const step = stride / size;
  for (let i = 0; i < accessor.count; i++) {
    for (let c = 0; c < width; c++) out[i * width + c] = elements[i * step + c] / scale;
  }
  return out;
}

function transform(vectors, m, w) {
  const out = new Float32Array(vectors.length);
  for (let i = 0; i < vectors.length; i += 3) {
    const x = vectors[i], y = vectors[i + 1], z = vectors[i + 2];
    out[i] = m[0] * x + m[4] * y + m[8] * z + m[12] * w;
    out[i + 1] = m[1] * x + m[5] * y + m[9] * z + m[13] * w;
    out[i + 2] = m[2] * x + m[6] * y + m[10] * z + m[14] * w;
  }
  return out;
}

/** Normals turn with the cofactors of the matrix: right under uneven scale too, up to length. */
function cofactors(m) {
  const sign = Math.sign(determinant(m)) || 1;
  const out = [...IDENTITY];
  for (let column = 0; column < 3; column++) {
    const a = ((column + 1) % 3) * 4;
    const b = ((column + 2) % 3) * 4;
    out[column * 4] = sign * (m[a + 1] * m[b + 2] - m[a + 2] * m[b + 1]);
    out[column * 4 + 1] = sign * (m[a + 2] * m[b] - m[a] * m[b + 2]);
    out[column * 4 + 2] = sign * (m[a] * m[b + 1] - m[a + 1] * m[b]);
  }
  return out;
}

function determinant(m) {
  return (
    m[0] * (m[5] * m[10] - m[9] * m[6]) - m[4] * (m[1] * m[10] - m[9] * m[2]) + m[8] * (m[1] * m[6] - m[5] * m[2])
  );
}

function normalise(vectors) {
  for (let i = 0; i < vectors.length; i += 3) {
    const length = Math.hypot(vectors[i], vectors[i + 1], vectors[i + 2]) || 1;
    vectors[i] /= length;
    vectors[i + 1] /= length;
    vectors[i + 2] /= length;
  }
  return vectors;
}

function flatNormals(points, triangles) {
  const out = new Float32Array(points.length);
  for (let i = 0; i < triangles.length; i += 3) {
    const [a, b, c] = [triangles[i] * 3, triangles[i + 1] * 3, triangles[i + 2] * 3];
    const u = [0, 1, 2].map((k) => points[b + k] - points[a + k]);
    const v = [0, 1, 2].map((k) => points[c + k] - points[a + k]);
    const n = [u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]];
    for (const at of [a, b, c]) for (let k = 0; k < 3; k++) out[at + k] += n[k];
  }
  return normalise(out);
}
