"""How much of the sky each point of a part sees, kept in its colours: what lies deep is darker.

The part's surfaces are marked in a grid of cells, and from each point rays go through it. Only sums and products of
rounded numbers decide, so that the same part gets the same bytes on any machine.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from twin.mesh import Points, Shape

#: Side of a cell; a ray leaves its own surface by this much before it looks, and ends after ``REACH_M``.
CELL_M = 0.05
REACH_M = 0.7
#: What a point that sees nothing keeps of its colour (linear).
DARKEST = 0.22
_STEPS = 8
_LEVELS = 32.0


def _directions() -> Points:
    """From the middle of a cube to the middles of its faces, edges and corners."""
    steps = (-1.0, 0.0, 1.0)
    found = np.array([[x, y, z] for x in steps for y in steps for z in steps if x or y or z])
    lengths = np.sqrt(found[:, 0] ** 2 + found[:, 1] ** 2 + found[:, 2] ** 2)
    directions: Points = np.round(found / lengths[:, None], 4)
    return directions


def shaded(shapes: list[Shape], *, floor: bool) -> list[Shape]:
    """The same shapes with their share of light as colours.

    Args:
        shapes: everything solid of one part.
        floor: the part stands on the floor at z = 0, which takes light from below.
    """
    low, cells = _cells(shapes)
    points, normals = np.vstack([s.points for s in shapes]), np.vstack([s.normals for s in shapes])
    # All points at once: a ray's step costs numpy's calls more than its points.
    colours = np.split(
        _light(points, normals, low, cells, floor=floor), np.cumsum([len(s.points) for s in shapes])[:-1]
    )
    return [Shape(s.points, s.normals, s.triangles, own) for s, own in zip(shapes, colours, strict=True)]


def _cells(shapes: list[Shape]) -> tuple[Points, NDArray[np.bool_]]:
    """Corner of the grid, and which cells hold a surface."""
    samples = np.round(np.vstack([_samples(shape) for shape in shapes]), 5)
    low = samples.min(0) - 2 * CELL_M
    size = np.floor((samples.max(0) - low) / CELL_M).astype(int) + 3
    cells = np.zeros(tuple(size), dtype=bool)
    index = np.floor((samples - low) / CELL_M).astype(int)
    cells[index[:, 0], index[:, 1], index[:, 2]] = True
    return low, cells


def _samples(shape: Shape) -> Points:
    """Points on the triangles, closer together than a cell is wide: along the two shorter edges of each."""
    corners = shape.points[shape.triangles]
    opposite = np.roll(corners, -1, axis=1) - np.roll(corners, 1, axis=1)
    first = np.argmax((opposite**2).sum(2), axis=1)
    order = (first[:, None] + np.arange(3)) % 3
    a, b, c = (corners[np.arange(len(corners)), order[:, k]] for k in range(3))
    across, along = (np.ceil(np.sqrt(((end - a) ** 2).sum(1)) / (0.7 * CELL_M)).astype(int).clip(1) for end in (b, c))
    found = [shape.points]
    for m, n in set(zip(across.tolist(), along.tolist(), strict=True)):
        u, v = (side.ravel() for side in np.meshgrid(np.arange(m + 1) / m, np.arange(n + 1) / n, indexing="ij"))
        inside = u + v <= 1.0
        u, v = u[inside, None], v[inside, None]
        these = np.flatnonzero((across == m) & (along == n))
        p, q, r = a[these, None], b[these, None], c[these, None]
        found.append((p + u * (q - p) + v * (r - p)).reshape(-1, 3))
    return np.vstack(found)


def _light(points: Points, normals: Points, low: Points, cells: NDArray[np.bool_], *, floor: bool) -> Points:
    normals = np.round(normals, 3)
    start = np.round(points, 5) + normals * CELL_M * 1.5
    taken, whole = np.zeros(len(start)), np.zeros(len(start))
    limit = np.array(cells.shape) - 1
    for direction in _directions():
        weight = normals[:, 0] * direction[0] + normals[:, 1] * direction[1] + normals[:, 2] * direction[2]
        facing = np.flatnonzero(weight > 0.15)
        weight, origin = weight[facing], start[facing]
        blocked = np.zeros(len(facing))
        for step in range(_STEPS, 0, -1):
            away = REACH_M * step / _STEPS
            at = origin + direction * away
            # Outside the grid there is nothing: its border is empty.
            index = np.floor((at - low) / CELL_M).astype(int).clip(0, limit)
            met = cells[index[:, 0], index[:, 1], index[:, 2]]
            if floor:
                met |= at[:, 2] < 0.0
            blocked[met] = 1.0 - away / REACH_M * 0.8
        taken[facing] += weight * blocked
        whole[facing] += weight
    share = 1.0 - taken / np.maximum(whole, 1e-9)
    grey = DARKEST + (1.0 - DARKEST) * np.clip(share * 1.15, 0.0, 1.0)
    grey = np.round(grey * _LEVELS) / _LEVELS
    return np.column_stack([grey, grey, grey, np.ones(len(grey))])
