// A chunk as the server packs it (twin/playback/chunk.py), for tests.

const NAMES = new Map([
  [Float64Array, "float64"],
  [Float32Array, "float32"],
  [Int16Array, "int16"],
  [Uint16Array, "uint16"],
  [Uint8Array, "uint8"],
]);

export function packChunk(header, arrays) {
  let offset = 0;
  const listing = [];
  for (const [name, array] of Object.entries(arrays)) {
    listing.push({ name, dtype: NAMES.get(array.constructor), offset, length: array.length });
    offset += Math.ceil(array.byteLength / 8) * 8;
  }
  let text = JSON.stringify({ ...header, arrays: listing });
  text += " ".repeat((8 - ((8 + text.length) % 8)) % 8);
  const bytes = new Uint8Array(8 + text.length + offset);
  bytes.set(new TextEncoder().encode("STC1"));
  new DataView(bytes.buffer).setUint32(4, text.length, true);
  bytes.set(new TextEncoder().encode(text), 8);
  Object.values(arrays).forEach((array, i) => {
    bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), 8 + text.length + listing[i].offset);
  });
  return bytes;
}
