// The tree of frames: parent-relative poses in, world matrices out.

import { POSE } from "./chunk.js";

export const MATRIX = 16;

/** Column-major matrix of a pose; a frame whose pose is unknown (NaN) gets NaN. */
export function poseMatrix(pose, at, out, to) {
  const x = pose[at + 3], y = pose[at + 4], z = pose[at + 5], w = pose[at + 6];
  out[to] = 1 - 2 * (y * y + z * z);
  out[to + 1] = 2 * (x * y + z * w);
  out[to + 2] = 2 * (x * z - y * w);
  out[to + 3] = 0;
  out[to + 4] = 2 * (x * y - z * w);
  out[to + 5] = 1 - 2 * (x * x + z * z);
  out[to + 6] = 2 * (y * z + x * w);
  out[to + 7] = 0;
  out[to + 8] = 2 * (x * z + y * w);
  out[to + 9] = 2 * (y * z - x * w);
  out[to + 10] = 1 - 2 * (x * x + y * y);
  out[to + 11] = 0;
  out[to + 12] = pose[at];
  out[to + 13] = pose[at + 1];
  out[to + 14] = pose[at + 2];
  out[to + 15] = 1;
}

/** out[to..] = a[at..] · b, rigid column-major matrices. */
export function multiplyRigid(a, at, b, out, to) {
  for (let column = 0; column < 4; column++) {
    const b0 = b[column * 4], b1 = b[column * 4 + 1], b2 = b[column * 4 + 2], b3 = b[column * 4 + 3];
    for (let row = 0; row < 3; row++) {
      out[to + column * 4 + row] = a[at + row] * b0 + a[at + 4 + row] * b1 + a[at + 8 + row] * b2 + a[at + 12 + row] * b3;
    }
    out[to + column * 4 + 3] = column === 3 ? 1 : 0;
  }
}

export class FrameTree {
  /** @param frames pairs of name and parent; a parent that is no frame is the world. */
  constructor(frames) {
    this.names = frames.map(([name]) => name);
    this.index = new Map(this.names.map((name, i) => [name, i]));
    this.parents = frames.map(([name, parent]) => (parent !== name && this.index.get(parent)) ?? -1);
    this.parents = this.parents.map((parent) => (parent === false ? -1 : parent));
    this.order = this.#parentsFirst();
    this.local = new Float32Array(frames.length * POSE);
    this.world = new Float64Array(frames.length * MATRIX);
    /** How well it is known where each frame is: codes of known.js. */
    this.states = new Uint8Array(frames.length);
    this.scratch = new Float64Array(MATRIX);
  }

  /** World matrices of the poses in `local`. */
  compose() {
    for (const i of this.order) {
      const parent = this.parents[i];
      if (parent < 0) {
        poseMatrix(this.local, i * POSE, this.world, i * MATRIX);
      } else {
        poseMatrix(this.local, i * POSE, this.scratch, 0);
        multiplyRigid(this.world, parent * MATRIX, this.scratch, this.world, i * MATRIX);
      }
    }
  }

  matrix(i) {
    return this.world.subarray(i * MATRIX, (i + 1) * MATRIX);
  }

  #parentsFirst() {
    const order = [];
    const state = new Uint8Array(this.names.length); // 1: on the way up, 2: placed
    const place = (i) => {
      if (state[i] === 2) return;
      state[i] = 1;
      const parent = this.parents[i];
      if (parent >= 0) {
        if (state[parent] === 1) this.parents[i] = -1; // a ring of frames: cut here
        else place(parent);
      }
      state[i] = 2;
      order.push(i);
    };
    this.names.forEach((_, i) => place(i));
    return order;
  }
}
