"""Shapes made of triangles, with numpy only: what the shipped meshes and the rack of a station are built from.

Every shape is in the link frame of the part it belongs to (metres, z up) and carries unit normals and triangles that
run counter-clockwise seen from outside. ``twin.gltf`` writes and reads the files.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Points = NDArray[np.float64]
Triangles = NDArray[np.int64]

# Neighbouring faces that meet at less than this are shaded as one curved surface.
SMOOTH_RAD = math.radians(38.0)


@dataclass(frozen=True)
class Shape:
    """Triangles: ``points`` (n,3) in metres, unit ``normals`` (n,3), ``triangles`` (m,3), RGBA ``colours`` (n,4)."""

    points: Points
    normals: Points
    triangles: Triangles
    colours: Points | None = None

    def moved(self, x: float = 0.0, y: float = 0.0, z: float = 0.0) -> Shape:
        """The shape shifted by metres."""
        return Shape(self.points + np.array([x, y, z]), self.normals, self.triangles, self.colours)

    def turned(self, *, rx: float = 0.0, ry: float = 0.0, rz: float = 0.0) -> Shape:
        """The shape turned about the origin by degrees, first about x, then y, then z (fixed axes)."""
        R = _rotation(2, rz) @ _rotation(1, ry) @ _rotation(0, rx)
        return Shape(self.points @ R.T, self.normals @ R.T, self.triangles, self.colours)

    def mirrored(self, axis: int = 1) -> Shape:
        """The mirror image across the plane through the origin normal to ``axis`` (0 x, 1 y, 2 z)."""
        flip = np.ones(3)
        flip[axis] = -1.0
        return Shape(self.points * flip, self.normals * flip, self.triangles[:, ::-1], self.colours)

    def both_sides(self, axis: int = 1) -> Shape:
        """The shape and its mirror image."""
        return join([self, self.mirrored(axis)])

    def at(self, places: Iterable[Sequence[float]]) -> Shape:
        """One copy at each (x, y) or (x, y, z)."""
        return join([self.moved(*place) for place in places])


def _rotation(axis: int, degrees: float) -> Points:
    c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    i, j = (axis + 1) % 3, (axis + 2) % 3
    R = np.eye(3)
    R[i, i], R[i, j], R[j, i], R[j, j] = c, -s, s, c
    return R


def join(shapes: Iterable[Shape]) -> Shape:
    """Several shapes as one; colours are kept if any has them (white elsewhere)."""
    parts = list(shapes)
    starts = np.cumsum([0] + [len(p.points) for p in parts[:-1]])
    colours = None
    if any(p.colours is not None for p in parts):
        colours = np.vstack([np.ones((len(p.points), 4)) if p.colours is None else p.colours for p in parts])
    return Shape(
        np.vstack([p.points for p in parts]),
        np.vstack([p.normals for p in parts]),
        np.vstack([p.triangles + start for p, start in zip(parts, starts, strict=True)]),
        colours,
    )


def box(size: Sequence[float], centre: Sequence[float] = (0.0, 0.0, 0.0), *, bevel: float | None = None) -> Shape:
    """A box with softened edges: 24 points, 44 triangles.

    Args:
        size: full lengths (x, y, z) in metres.
        centre: where its middle is.
        bevel: how far the faces stand back from the edges in metres; default an eighth of the thinnest side, at most
            15 mm. The normals run over the edge, so it looks round.
    """
    half = np.asarray(size, dtype=float) / 2.0
    b = min(0.015, float(half.min()) / 4.0) if bevel is None else min(bevel, float(half.min()) * 0.999)
    signs = _box_corners()
    points, normals = [], []
    for axis in range(3):
        inset = half - b
        inset[axis] = half[axis]
        points.append(signs * inset)
        normal = np.zeros((8, 3))
        normal[:, axis] = signs[:, axis]
        normals.append(normal)
    return Shape(np.vstack(points) + np.asarray(centre, dtype=float), np.vstack(normals), _box_triangles())


def _box_corners() -> Points:
    return np.array([[x, y, z] for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)], dtype=float)


@functools.cache
def _box_triangles() -> Triangles:
    """Faces, edge strips and corners of a softened box; point ``8 * axis + corner`` is on the face of that axis.

    Which points they join does not depend on the box's size.
    """
    signs = _box_corners()
    quads: list[tuple[list[int], Points]] = []
    for axis in range(3):
        i, j = (axis + 1) % 3, (axis + 2) % 3
        for side in (-1.0, 1.0):
            face = [c for c in range(8) if signs[c, axis] == side]
            face.sort(key=lambda c: math.atan2(signs[c, j], signs[c, i]))
            quads.append(([8 * axis + c for c in face], np.eye(3)[axis] * side))
            for other in (-1.0, 1.0):  # the strip along axis k between the faces of i and j
                a, b = [c for c in range(8) if signs[c, i] == side and signs[c, j] == other]
                quads.append(([8 * i + a, 8 * i + b, 8 * j + b, 8 * j + a], np.eye(3)[i] * side + np.eye(3)[j] * other))
    unit = np.vstack([signs * (np.ones(3) - 0.5 * (np.arange(3) != axis)) for axis in range(3)])
    triangles: list[list[int]] = []
    for quad, outward in quads:
        triangles += [
            _facing(unit, [quad[0], quad[1], quad[2]], outward),
            _facing(unit, [quad[0], quad[2], quad[3]], outward),
        ]
    for c in range(8):
        triangles.append(_facing(unit, [c, 8 + c, 16 + c], signs[c]))
    return np.array(triangles)


def _facing(points: Points, triangle: list[int], outward: Points) -> list[int]:
    a, b, c = points[triangle]
    return triangle if float(np.dot(np.cross(b - a, c - a), outward)) > 0 else triangle[::-1]


def grid(rows: ArrayLike, *, closed: bool = False, colours: ArrayLike | None = None) -> Shape:
    """A smooth surface through a net of points (m, n, 3); ``rows × columns`` must point outward.

    Args:
        closed: the last column joins the first.
        colours: RGBA 0..1 of each point (m, n, 4).
    """
    net = np.asarray(rows, dtype=float)
    m, n = net.shape[:2]
    if closed:
        net = np.concatenate([net, net[:, :1]], axis=1)
        n += 1
    du = np.gradient(net, axis=0)
    dv = np.gradient(net, axis=1)
    if closed:
        dv[:, 0] = dv[:, -1] = (net[:, 1] - net[:, -2]) / 2.0
    triangles = []
    for r in range(m - 1):
        for c in range(n - 1):
            a, b, d, e = r * n + c, r * n + c + 1, (r + 1) * n + c, (r + 1) * n + c + 1
            triangles += [(a, d, e), (a, e, b)]
    tint = None if colours is None else np.asarray(colours, dtype=float).reshape(-1, 4)
    points = net.reshape(-1, 3)
    corners = points[np.array(triangles)]
    area = np.linalg.norm(np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1)
    return Shape(points, _unit(np.cross(du, dv).reshape(-1, 3)), np.array(triangles)[area > 1e-10], tint)


def _unit(vectors: Points) -> Points:
    length = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.where(length > 1e-12, vectors / np.where(length > 1e-12, length, 1.0), [0.0, 0.0, 1.0])


def _runs(line: Points, *, closed: bool) -> list[tuple[Points, Points]]:
    """A line in a plane cut at its sharp corners: for each smooth run its points and right-hand normals (k,2) each."""
    points = np.vstack([line, line[:1]]) if closed else line
    step = np.diff(points, axis=0)
    right = _unit(np.column_stack([step[:, 1], -step[:, 0], np.zeros(len(step))]))[:, :2]
    runs: list[tuple[Points, Points]] = []
    at, rows = 0, [(points[0], right[0])]
    if closed and _angle(right[-1], right[0]) < SMOOTH_RAD:
        rows = [(points[0], right[-1] + right[0])]
    for k in range(1, len(points)):
        last = k == len(points) - 1
        after = right[0] if last else right[k]
        smooth = (closed or not last) and _angle(right[k - 1], after) < SMOOTH_RAD
        rows.append((points[k], right[k - 1] + after if smooth else right[k - 1]))
        if not smooth or last:
            here, normal = (np.array(part) for part in zip(*rows, strict=True))
            runs.append((here, normal / np.linalg.norm(normal, axis=1, keepdims=True)))
            at = k
            rows = [(points[at], after)]
    return runs


def _angle(a: Points, b: Points) -> float:
    return math.acos(max(-1.0, min(1.0, float(np.dot(a, b)))))


def lathe(profile: Sequence[tuple[float, float]], *, sides: int = 24, arc_deg: float = 360.0) -> Shape:
    """A body of revolution about z through (radius, z) points, listed from the bottom up on the outside.

    Corners sharper than 38° stay sharp. An arc below 360° starts at +x and turns towards +y; its ends are open.
    """
    turn = np.linspace(0.0, math.radians(arc_deg), sides + 1)
    cos, sin = np.cos(turn), np.sin(turn)
    shapes = []
    for points, right in _runs(np.asarray(profile, dtype=float), closed=False):
        k, n = len(points), sides + 1
        radius, height = points[:, :1], points[:, 1:]
        at = np.stack([radius * cos, radius * sin, np.broadcast_to(height, (k, n))], axis=-1)
        normal = np.stack([right[:, :1] * cos, right[:, :1] * sin, np.broadcast_to(right[:, 1:], (k, n))], axis=-1)
        triangles = []
        for r in range(k - 1):
            for c in range(sides):
                a, b, d, e = r * n + c, r * n + c + 1, (r + 1) * n + c, (r + 1) * n + c + 1
                triangles += [(a, b, e)] if points[r, 0] > 1e-9 else []
                triangles += [(a, e, d)] if points[r + 1, 0] > 1e-9 else []
        shapes.append(Shape(at.reshape(-1, 3), normal.reshape(-1, 3), np.array(triangles).reshape(-1, 3)))
    return join(shapes)


def cylinder(radius: float, length: float, *, axis: int = 2, sides: int = 20, bevel: float | None = None) -> Shape:
    """A cylinder with softened rims, its middle at the origin, along ``axis`` (0 x, 1 y, 2 z)."""
    b = min(radius, length) * 0.12 if bevel is None else bevel
    h = length / 2.0
    turn = np.linspace(0.0, 2 * math.pi, sides, endpoint=False)
    circle = np.column_stack([np.cos(turn), np.sin(turn), np.zeros(sides)])
    up = np.array([0.0, 0.0, 1.0])
    # rings from below: lower face, foot and head of the wall, upper face; the rims are the strips between them
    rings = [circle * (radius - b) - up * h, circle * radius - up * (h - b)]
    rings += [circle * radius + up * (h - b), circle * (radius - b) + up * h]
    faces = [np.repeat(-up[None], sides, 0), circle, circle, np.repeat(up[None], sides, 0)]
    triangles = []
    for c in range(sides):
        d = (c + 1) % sides
        for low in (0, sides, 2 * sides):
            triangles += [(low + c, low + d, low + sides + d), (low + c, low + sides + d, low + sides + c)]
        if 0 < c < sides - 1:
            triangles += [(0, d, c), (3 * sides, 3 * sides + c, 3 * sides + d)]
    shape = Shape(np.vstack(rings), np.vstack(faces), np.array(triangles))
    return {0: shape.turned(ry=90), 1: shape.turned(rx=-90), 2: shape}[axis]


def disc(radius: float, *, sides: int = 12) -> Shape:
    """A flat disc at the origin that faces +z."""
    turn = np.linspace(0.0, 2 * math.pi, sides, endpoint=False)
    points = radius * np.column_stack([np.cos(turn), np.sin(turn), np.zeros(sides)])
    fan = [(0, i, i + 1) for i in range(1, sides - 1)]
    return Shape(points, np.tile([0.0, 0.0, 1.0], (sides, 1)), np.array(fan))


def tube(path: Sequence[Sequence[float]], radius: float, *, sides: int = 8) -> Shape:
    """A round bar or cable through the points of a path, closed at both ends."""
    line = np.asarray(path, dtype=float)
    tangent = _unit(np.gradient(line, axis=0))
    side = np.cross(tangent[0], [0.0, 0.0, 1.0] if abs(tangent[0, 2]) < 0.9 else [1.0, 0.0, 0.0])
    rows = []
    turn = np.linspace(0.0, 2 * math.pi, sides, endpoint=False)[:, None]
    for point, along in zip(line, tangent, strict=True):
        side = side - along * float(np.dot(side, along))  # carried along without twisting
        side /= np.linalg.norm(side)
        rows.append(point + radius * (np.cos(turn) * side + np.sin(turn) * np.cross(along, side)))
    ends = []
    for ring, outward in ((rows[0], -tangent[0]), (rows[-1], tangent[-1])):
        fan = [_facing(ring, [0, i, i + 1], outward) for i in range(1, sides - 1)]
        ends.append(Shape(ring, np.repeat(outward[None], sides, 0), np.array(fan)))
    body = grid(np.array(rows), closed=True)
    # rows run along the path and columns around it, so the net looks inward: turn it over
    return join([Shape(body.points, -body.normals, body.triangles[:, ::-1]), *ends])


def extrude(outline: Sequence[tuple[float, float]], length: float, *, axis: int = 2) -> Shape:
    """A prism over a simple outline (either turning), its middle at the origin along ``axis``.

    The outline's two coordinates are (y, z) for axis 0, (x, z) for axis 1 and (x, y) for axis 2.
    """
    flat = np.asarray(outline, dtype=float)
    flat = flat[np.linalg.norm(flat - np.roll(flat, 1, axis=0), axis=1) > 1e-6]  # points that repeat
    x, y = flat.T
    if float(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) < 0.0:
        flat = flat[::-1]
    h = length / 2.0
    shapes = []
    for points, normal in _runs(flat, closed=True):
        k = len(points)
        wall = np.vstack([np.column_stack([points, np.full(k, z)]) for z in (-h, h)])
        out = np.vstack([np.column_stack([normal, np.zeros(k)])] * 2)
        pairs = [[(i, i + 1, k + i + 1), (i, k + i + 1, k + i)] for i in range(k - 1)]
        shapes.append(Shape(wall, out, np.array(pairs).reshape(-1, 3)))
    cap = np.array(_ears(flat))
    for z, sign in ((-h, -1.0), (h, 1.0)):
        points3 = np.column_stack([flat, np.full(len(flat), z)])
        shapes.append(Shape(points3, np.tile([0.0, 0.0, sign], (len(flat), 1)), cap if sign > 0 else cap[:, ::-1]))
    shape = join(shapes)
    if axis == 2:
        return shape
    order = [2, 0, 1] if axis == 0 else [0, 2, 1]
    triangles = shape.triangles if axis == 0 else shape.triangles[:, ::-1]  # swapping y and z mirrors
    return Shape(shape.points[:, order], shape.normals[:, order], triangles)


def _ears(flat: Points) -> list[list[int]]:
    """Triangles of a simple counter-clockwise polygon, by cutting ears."""
    left = list(range(len(flat)))
    triangles = []
    while len(left) > 3:
        for i in range(len(left)):
            a, b, c = left[i - 1], left[i], left[(i + 1) % len(left)]
            if _turn(flat[a], flat[b], flat[c]) <= 1e-12:
                continue
            inside = (p for p in left if p not in (a, b, c) and _within(flat[p], flat[a], flat[b], flat[c]))
            if next(inside, None) is None:
                triangles.append([a, b, c])
                left.pop(i)
                break
        else:
            raise ValueError("extrude: expected a simple outline")
    return [*triangles, left]


def _turn(a: Points, b: Points, c: Points) -> float:
    return float((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]))


def _within(p: Points, a: Points, b: Points, c: Points) -> bool:
    return _turn(a, b, p) >= 0 and _turn(b, c, p) >= 0 and _turn(c, a, p) >= 0


def arc(radius: float, start_deg: float, end_deg: float, *, steps: int = 10) -> list[tuple[float, float]]:
    """Points on a circle about the origin of a plane, for outlines."""
    turn = [math.radians(start_deg + (end_deg - start_deg) * i / steps) for i in range(steps + 1)]
    return [(radius * math.cos(t), radius * math.sin(t)) for t in turn]


def patch(surface: Callable[[float, float], Sequence[float]], u: Sequence[float], v: Sequence[float]) -> Shape:
    """A piece of a curved surface ``(u, v) → (x, y, z)`` at the given parameters; ``u × v`` must point outward."""
    return grid([[surface(a, b) for b in v] for a in u])


def soft_shadow(
    size: Sequence[float], centre: Sequence[float], *, fade: float, darkness: float, rings: int = 5
) -> Shape:
    """A flat patch facing up whose opacity falls off smoothly from a rectangle: black with alpha in the vertex colour.

    Args:
        size: (x, y) of the fully dark rectangle in metres.
        centre: (x, y, z).
        fade: width of the soft border in metres.
        darkness: opacity of the middle, 0..1.
    """
    hx, hy = size[0] / 2.0, size[1] / 2.0
    corner = np.array([(1, 1, a) for a in (0, 30, 60, 90)] + [(-1, 1, a) for a in (90, 120, 150, 180)], dtype=float)
    corner = np.vstack([corner, corner * [-1, -1, 1] + [0, 0, 180]])
    turn = np.radians(corner[:, 2])
    rows, tint = [], []
    # an inner seam at zero size first, so that the dark middle is covered too
    for k in range(-1, rings + 1):
        t = max(k, 0) / rings
        grow = 0.0 if k < 0 else fade * t
        base = np.column_stack([corner[:, 0] * hx, corner[:, 1] * hy]) * (0.0 if k < 0 else 1.0)
        ring = base + grow * np.column_stack([np.cos(turn), np.sin(turn)])
        rows.append(np.column_stack([ring, np.zeros(len(ring))]))
        alpha = darkness * (1.0 - t) ** 2 * (1.0 + 2.0 * t)
        tint.append(np.tile([1.0, 1.0, 1.0, alpha], (len(ring), 1)))
    net, rgba = np.array(rows), np.array(tint)
    net = np.concatenate([net, net[:, :1]], axis=1)
    rgba = np.concatenate([rgba, rgba[:, :1]], axis=1)
    flat = grid(net, colours=rgba)
    return Shape(flat.points, np.tile([0.0, 0.0, 1.0], (len(flat.points), 1)), flat.triangles, flat.colours).moved(
        *centre
    )
