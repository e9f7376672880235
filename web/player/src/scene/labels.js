// Which labels are written where: above what they name, the nearer before the farther, none over another.

import { UNKNOWN } from "../known.js";

/** How near the eye must come, m: machines and places are always named, packs and numbers when one looks closer. */
const REACH_M = { name: Infinity, unknown: Infinity, pack: 19, number: 12 };
const ORDER = ["name", "unknown", "pack", "number"];
/** What stands at a part of which nobody knows where it is. */
const UNKNOWN_TEXT = { en: "?" };
const STEM = 12;
const GAP = 3;
/** Labels whose view is looked at anew each time while things move: a ray is cheap, all of them at once are not. */
const RAYS_A_TIME = 1;

export class Labels {
  /** @param labels [{kind, frame, at, text}]: at in the frame, m, or null for the top of what is drawn in it */
  constructor(labels = [], parts = []) {
    const frames = [...new Set(parts.map(({ frame }) => frame))];
    const doubts = frames.map((frame) => ({ kind: "unknown", frame, at: null, text: UNKNOWN_TEXT }));
    this.labels = [...labels, ...doubts].map((label) => ({ ...label, hidden: false, anchor: anchorOf(label, parts) }));
    this.labels = this.labels.filter((label) => label.anchor);
    this.next = 0;
  }

  /** Charge of the pack in a frame: {frac, source}, and its colour. */
  charge(frame, charge, rgb) {
    const label = this.labels.find((one) => one.kind === "pack" && one.frame === frame);
    if (label) Object.assign(label, { charge, rgb });
  }

  /**
   * What is to be written now: [{x, y, left, top, width, height, label, text}], x and y where its stem ends.
   * @param measure text → width in CSS pixels
   * @param blocked (point, own part) → whether something stands before it
   * @param moving whether the next picture follows soon: then only a few are looked at
   */
  place(projection, language, measure, blocked, moving) {
    const shown = this.#visible(projection);
    this.#look(shown, blocked, moving ? RAYS_A_TIME : shown.length);
    const placed = [];
    for (const { label, point } of shown) {
      if (label.hidden) continue;
      const text = textOf(label, language);
      const width = Math.ceil(measure(text)) + (label.rgb ? 30 : 16);
      const height = label.kind === "number" ? 18 : 22;
      const box = { left: point.x - width / 2, top: point.y - STEM - height, width, height };
      const inside = box.left > 2 && box.left + width < projection.width - 2 && box.top > 2 && point.y < projection.height - 2;
      if (!inside || placed.some((other) => overlap(box, other))) continue;
      placed.push({ ...box, x: point.x, y: point.y, label, text });
    }
    return placed;
  }

  #visible(projection) {
    const shown = [];
    for (const label of this.labels) {
      const { part } = label.anchor;
      if (!part.visible || part.look.ghosted) continue;
      if (label.kind === "unknown" && part.look.known !== UNKNOWN) continue;
      label.p = inWorld(part.matrix, label.anchor.at);
      const point = projection.point(label.p);
      if (point && point.depth < REACH_M[label.kind]) shown.push({ label, point });
    }
    const rank = ({ label }) => (label.anchor.part.look.selected ? -1 : ORDER.indexOf(label.kind));
    return shown.sort((a, b) => rank(a) - rank(b) || a.point.depth - b.point.depth);
  }

  #look(shown, blocked, rays) {
    for (let i = 0; i < Math.min(rays, shown.length); i++) {
      const { label } = shown[this.next++ % shown.length];
      label.hidden = blocked(label.p, label.anchor.part);
    }
  }
}

/** A label's words: a pack's serial and charge, or a name in the language it has. */
function textOf({ kind, text, charge }, language) {
  const words = text[language] ?? text.en;
  if (kind !== "pack" || !charge) return words;
  return `${words}  ${charge.frac === null ? "– %" : `${Math.round(charge.frac * 100)} %`}`;
}

function anchorOf({ frame, at }, parts) {
  const part = parts.find((one) => one.frame === frame && one.shape.bounds);
  if (!part) return null;
  if (at) return { part, at };
  const [x0, x1, y0, y1, , z1] = part.shape.bounds;
  return { part, at: [(x0 + x1) / 2, (y0 + y1) / 2, z1] };
}

function inWorld(m, p) {
  return m ? [0, 1, 2].map((k) => m[k] * p[0] + m[4 + k] * p[1] + m[8 + k] * p[2] + m[12 + k]) : p;
}

function overlap(a, b) {
  return (
    a.left < b.left + b.width + GAP && b.left < a.left + a.width + GAP &&
    a.top < b.top + b.height + GAP && b.top < a.top + a.height + GAP
  );
}
