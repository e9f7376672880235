"""Write the collision meshes of the guide features: a cone of the truck bracket and the sockets of the pack.

Run from the repository's root: ``python assets/generate_collision.py``. Lengths in metres; the numbers are those of
``trucks/tractor_6x4/truck.yaml`` (cone) and ``packs/block_171/pack.yaml`` (sockets).
"""

from __future__ import annotations

import itertools
import math
from pathlib import Path

ASSETS = Path(__file__).parent
CONE_SIDES = 16
CONE_RINGS = ((0.0235, 0.0), (0.0235, -0.012), (0.009, -0.054))  # radius, height below the bracket's plate
SOCKET_HALF_WIDTH = 0.026
SOCKETS = ((0.92, 0.026), (-0.92, 0.045))  # y of the hole, half length along y: one locates, one only guides
BLOCK_TOP, BLOCK_BOTTOM, CHAMFER = 0.200, 0.141, 0.006
BLOCK_HALF_SIZE = (0.090, 0.110)

Vertex = tuple[float, float, float]


def write_obj(path: Path, vertices: list[Vertex], faces: list[tuple[int, ...]]) -> None:
    """Write an OBJ file; ``faces`` index ``vertices`` from zero."""
    lines = [f"v {x:.6f} {y:.6f} {z:.6f}" for x, y, z in vertices]
    lines += ["f " + " ".join(str(index + 1) for index in face) for face in faces]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="ascii")


def cone() -> tuple[list[Vertex], list[tuple[int, ...]]]:
    """A frustum with a short straight shank; its origin is the middle of its base, its tip points down."""
    vertices = [
        (radius * math.cos(2 * math.pi * side / CONE_SIDES), radius * math.sin(2 * math.pi * side / CONE_SIDES), z)
        for radius, z in CONE_RINGS
        for side in range(CONE_SIDES)
    ]
    faces: list[tuple[int, ...]] = []
    for ring in range(len(CONE_RINGS) - 1):
        for side in range(CONE_SIDES):
            upper, upper_next = ring * CONE_SIDES + side, ring * CONE_SIDES + (side + 1) % CONE_SIDES
            lower, lower_next = upper + CONE_SIDES, upper_next + CONE_SIDES
            faces += [(upper, upper_next, lower_next), (upper, lower_next, lower)]
    return vertices, faces


def sockets() -> tuple[list[Vertex], list[tuple[int, ...]]]:
    """Both guide blocks as one open surface: top plate, chamfer and straight walls of a rectangular hole each."""
    vertices: list[Vertex] = []
    faces: list[tuple[int, ...]] = []

    def ring(y: float, half_x: float, half_y: float, z: float) -> int:
        first = len(vertices)
        vertices.extend((sx * half_x, y + sy * half_y, z) for sx, sy in ((-1, -1), (1, -1), (1, 1), (-1, 1)))
        return first

    for y, half_y in SOCKETS:
        rings = [
            ring(y, *BLOCK_HALF_SIZE, BLOCK_TOP),
            ring(y, SOCKET_HALF_WIDTH + CHAMFER, half_y + CHAMFER, BLOCK_TOP),
            ring(y, SOCKET_HALF_WIDTH, half_y, BLOCK_TOP - CHAMFER),
            ring(y, SOCKET_HALF_WIDTH, half_y, BLOCK_BOTTOM),
        ]
        for outer, inner in itertools.pairwise(rings):
            for corner in range(4):
                following = (corner + 1) % 4
                faces.append((outer + corner, outer + following, inner + following))
                faces.append((outer + corner, inner + following, inner + corner))
    return vertices, faces


if __name__ == "__main__":
    write_obj(ASSETS / "trucks/tractor_6x4/collision/cone.obj", *cone())
    write_obj(ASSETS / "packs/block_171/collision/sockets.obj", *sockets())
