// Two fingers on the picture: it goes along with them and grows as they part, both at once.

/**
 * What two fingers did from one pair of points to the next: `by` how far their middle went, `scale` how much they parted.
 * Points are [x, y]; fingers nearly in one place only move.
 */
export function between([a0, b0], [a1, b1]) {
  const middle = (a, b) => [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
  const apart = (a, b) => Math.hypot(a[0] - b[0], a[1] - b[1]);
  const [from, to] = [middle(a0, b0), middle(a1, b1)];
  const [before, after] = [apart(a0, b0), apart(a1, b1)];
  return { by: [to[0] - from[0], to[1] - from[1]], scale: Math.min(before, after) > 8 ? after / before : 1 };
}

/**
 * Let two fingers move the camera; one is the interactor's.
 * @param moved called when the camera has moved
 * @returns the way to stop
 */
export function twoFingers(container, camera, moved) {
  const fingers = new Map();
  const at = ({ clientX, clientY }) => [clientX, clientY];
  const down = (event) => event.pointerType === "touch" && fingers.set(event.pointerId, at(event));
  const up = (event) => fingers.delete(event.pointerId);
  const move = (event) => {
    if (!fingers.has(event.pointerId)) return;
    const before = [...fingers.values()];
    fingers.set(event.pointerId, at(event));
    if (fingers.size !== 2) return;
    const { by, scale } = between(before, [...fingers.values()]);
    shift(camera, by, container.clientHeight);
    camera.dolly(scale);
    moved();
  };
  const listeners = { pointerdown: down, pointermove: move, pointerup: up, pointercancel: up };
  for (const [name, listener] of Object.entries(listeners)) container.addEventListener(name, listener, { capture: true });
  return () => {
    for (const [name, listener] of Object.entries(listeners)) container.removeEventListener(name, listener, { capture: true });
  };
}

/** Move the camera sideways so that what it looks at goes `by` pixels of a picture `height` high. */
function shift(camera, [x, y], height) {
  const metres = (2 * camera.getDistance() * Math.tan((camera.getViewAngle() / 2) * (Math.PI / 180))) / Math.max(height, 1);
  const ahead = camera.getDirectionOfProjection();
  const right = unit(cross(ahead, camera.getViewUp()));
  const upward = cross(right, ahead);
  const way = right.map((r, k) => (upward[k] * y - r * x) * metres);
  camera.setPosition(...camera.getPosition().map((c, k) => c + way[k]));
  camera.setFocalPoint(...camera.getFocalPoint().map((c, k) => c + way[k]));
}

const cross = (a, b) => [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
const unit = (v) => v.map((c) => c / (Math.hypot(...v) || 1));
