// What is written over the picture: labels, measuring lines and their lengths. A 2D canvas, drawn after the picture.

import { Labels } from "./labels.js";

const FAMILY = 'system-ui, "Noto Sans SC", "Microsoft YaHei", sans-serif';
const FONT = `600 12px ${FAMILY}`;
const SMALL = `700 11px ${FAMILY}`;
const INK = {
  light: { line: "#0b62d6", text: "#10161d", pill: "rgba(255,255,255,0.92)", edge: "rgba(16,22,29,0.16)", stem: "rgba(16,22,29,0.45)" },
  dark: { line: "#6db0ff", text: "#f2f5f8", pill: "rgba(24,30,38,0.90)", edge: "rgba(255,255,255,0.18)", stem: "rgba(255,255,255,0.5)" },
};

export class Overlay {
  constructor(container) {
    this.canvas = document.createElement("canvas");
    this.canvas.setAttribute("aria-hidden", "true");
    Object.assign(this.canvas.style, { position: "absolute", inset: "0", width: "100%", height: "100%", pointerEvents: "none" });
    container.appendChild(this.canvas);
    this.context = this.canvas.getContext("2d");
    this.lines = [];
    this.labels = new Labels();
    this.labelled = true;
    /** What was written last, for whoever wants to read it. */
    this.written = [];
    this.widths = new Map();
    this.theme = "light";
    this.language = "en";
  }

  resize(width, height, ratio) {
    Object.assign(this.canvas, { width: Math.round(width * ratio), height: Math.round(height * ratio) });
    this.ratio = ratio;
  }

  /** @param blocked, moving see labels.js */
  draw(projection, blocked, moving) {
    const { context } = this;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    this.written = this.labelled
      ? this.labels.place(projection, this.language, (text) => this.#width(text), blocked, moving)
      : [];
    for (const one of [...this.written].reverse()) this.#label(one);
    for (const line of this.lines) this.#line(projection, line);
  }

  close() {
    this.canvas.remove();
  }

  #line(projection, { from, to, text = "" }) {
    const a = projection.point(from);
    const b = projection.point(to);
    if (!a || !b) return;
    const { context } = this;
    context.strokeStyle = context.fillStyle = INK[this.theme].line;
    context.lineWidth = 2;
    context.beginPath();
    context.moveTo(a.x, a.y);
    context.lineTo(b.x, b.y);
    context.stroke();
    for (const end of [a, b]) {
      context.beginPath();
      context.arc(end.x, end.y, 4, 0, 2 * Math.PI);
      context.fill();
    }
    if (text) this.#pill(text, (a.x + b.x) / 2, (a.y + b.y) / 2 - 16);
  }

  #label({ x, y, left, top, width, height, label, text }) {
    const { context } = this;
    const ink = INK[this.theme];
    context.strokeStyle = ink.stem;
    context.lineWidth = 1.5;
    context.beginPath();
    context.moveTo(x, top + height);
    context.lineTo(x, y);
    context.stroke();
    this.#box(left, top, width, height);
    if (label.rgb) {
      context.fillStyle = `rgb(${label.rgb.map((c) => Math.round(255 * c)).join(" ")})`;
      context.beginPath();
      context.roundRect(left + 7, top + height / 2 - 5, 10, 10, 3);
      context.fill();
    }
    this.#text(text, left + width / 2 + (label.rgb ? 7 : 0), top + height / 2, label.kind === "number" ? SMALL : FONT);
  }

  #pill(text, x, y) {
    const half = this.#width(text) / 2 + 8;
    this.#box(x - half, y - 11, 2 * half, 22);
    this.#text(text, x, y, FONT);
  }

  #box(left, top, width, height) {
    const { context } = this;
    context.fillStyle = INK[this.theme].pill;
    context.strokeStyle = INK[this.theme].edge;
    context.lineWidth = 1;
    context.beginPath();
    context.roundRect(left, top, width, height, 6);
    context.fill();
    context.stroke();
  }

  #text(text, x, y, font) {
    const { context } = this;
    context.font = font;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.fillStyle = INK[this.theme].text;
    context.fillText(text, x, y + 0.5);
  }

  #width(text) {
    if (!this.widths.has(text)) {
      this.context.font = FONT;
      this.widths.set(text, this.context.measureText(text).width);
    }
    return this.widths.get(text);
  }
}
