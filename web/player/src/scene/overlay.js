// What is written over the picture: measuring lines and their lengths. A 2D canvas, drawn after the picture.

const FONT = '600 12px system-ui, "Noto Sans SC", "Microsoft YaHei", sans-serif';
const INK = {
  light: { line: "#0b62d6", text: "#10161d", pill: "rgba(255,255,255,0.92)", edge: "rgba(16,22,29,0.16)" },
  dark: { line: "#6db0ff", text: "#f2f5f8", pill: "rgba(24,30,38,0.90)", edge: "rgba(255,255,255,0.18)" },
};

export class Overlay {
  constructor(container) {
    this.canvas = document.createElement("canvas");
    this.canvas.setAttribute("aria-hidden", "true");
    Object.assign(this.canvas.style, { position: "absolute", inset: "0", width: "100%", height: "100%", pointerEvents: "none" });
    container.appendChild(this.canvas);
    this.context = this.canvas.getContext("2d");
    this.lines = [];
    this.theme = "light";
  }

  resize(width, height, ratio) {
    Object.assign(this.canvas, { width: Math.round(width * ratio), height: Math.round(height * ratio) });
    this.ratio = ratio;
  }

  draw(projection) {
    const { context } = this;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
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

  #pill(text, x, y) {
    const { context } = this;
    const ink = INK[this.theme];
    context.font = FONT;
    context.textAlign = "center";
    context.textBaseline = "middle";
    const half = context.measureText(text).width / 2 + 8;
    context.fillStyle = ink.pill;
    context.strokeStyle = ink.edge;
    context.lineWidth = 1;
    context.beginPath();
    context.roundRect(x - half, y - 11, 2 * half, 22, 6);
    context.fill();
    context.stroke();
    context.fillStyle = ink.text;
    context.fillText(text, x, y + 0.5);
  }
}
