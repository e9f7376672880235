// Between a point of the station and a point of the page: a pinhole camera, in plain numbers.

const RADIAN = Math.PI / 180;

export class Projection {
  /**
   * @param camera {position, focalPoint, viewUp, viewAngle}, the angle from bottom to top in degrees
   * @param width, height of the picture in CSS pixels
   */
  constructor({ position, focalPoint, viewUp, viewAngle }, width, height) {
    this.eye = position;
    this.ahead = unit([0, 1, 2].map((k) => focalPoint[k] - position[k]));
    this.right = unit(cross(this.ahead, viewUp));
    this.up = cross(this.right, this.ahead);
    this.width = width;
    this.height = height;
    /** Pixels of what is 1 m long at 1 m distance. */
    this.scale = height / 2 / Math.tan((viewAngle / 2) * RADIAN);
  }

  /** Unit direction of what is seen at a point of the page. */
  ray(x, y) {
    const across = (x - this.width / 2) / this.scale;
    const upwards = (this.height / 2 - y) / this.scale;
    return unit([0, 1, 2].map((k) => this.ahead[k] + across * this.right[k] + upwards * this.up[k]));
  }

  /** {x, y, depth} on the page; null of what is behind the eye. */
  point(p) {
    const d = [p[0] - this.eye[0], p[1] - this.eye[1], p[2] - this.eye[2]];
    const depth = dot(d, this.ahead);
    if (depth < 0.05) return null;
    return {
      x: this.width / 2 + (dot(d, this.right) / depth) * this.scale,
      y: this.height / 2 - (dot(d, this.up) / depth) * this.scale,
      depth,
    };
  }
}

const dot = (a, b) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const cross = (a, b) => [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
const unit = (v) => {
  const length = Math.hypot(...v) || 1;
  return v.map((c) => c / length);
};
