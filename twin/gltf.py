"""Binary glTF 2.0 of a part: written from shapes and materials, read back without a graphics library.

**Axes.** Vertices are stored in the link frame (metres, z up). glTF is y-up, so the file's only root node carries the
rotation of −90° about x: any glTF viewer shows the part upright. A z-up consumer applies the node transforms like any
viewer and then turns the whole by +90° about x; the two cancel and the part stands in its link frame. Foxglove and
Lichtblick do exactly this with a ``ModelPrimitive``. A glTF exported from CAD follows the same rule.

**Bytes.** Points are rounded to 10 µm and normals to 1/2000, so that a last-bit difference of a sine between machines
does not change a file.

**Colours.** ``baseColorFactor`` is linear RGB, as glTF asks; ``extras.srgb`` repeats it as hex for people.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from twin.errors import InputError
from twin.mesh import Shape, join
from twin.occlusion import shaded
from twin.palette import Material

MAGIC, JSON_CHUNK, BIN_CHUNK = 0x46546C67, 0x4E4F534A, 0x004E4942
# glTF component types
U8, U16, U32, F32 = 5121, 5123, 5125, 5126
_TYPES = {5120: "<i1", 5121: "<u1", 5122: "<i2", 5123: "<u2", 5125: "<u4", 5126: "<f4"}
_WIDTHS = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4, "MAT4": 16}
_HALF = 0.70710678
_Z_UP_TO_Y_UP_XYZW = [-_HALF, 0.0, 0.0, _HALF]
# the same as a matrix, (x, y, z) → (x, z, −y); its transpose turns glTF's axes into ours
_Z_UP = np.array([[1.0, 0, 0, 0], [0, 0, 1.0, 0], [0, -1.0, 0, 0], [0, 0, 0, 1.0]])


@dataclass
class Model:
    """A part in its link frame: shapes gathered by material, in the order they came."""

    name: str
    shapes: dict[Material, list[Shape]] = field(default_factory=dict)

    def add(self, material: Material, *shapes: Shape) -> None:
        """Adds shapes that look the same."""
        self.shapes.setdefault(material, []).extend(shapes)

    def include(self, other: Model, *, x: float = 0.0, y: float = 0.0, z: float = 0.0) -> None:
        """Adds everything of another model, shifted by metres."""
        for material, shapes in other.shapes.items():
            self.add(material, *(shape.moved(x, y, z) for shape in shapes))

    def shaded(self, *, floor: bool = False) -> Model:
        """The same part, darker where it lies deep; see :func:`shade`."""
        return shade([self], floor=floor)[0]

    def to_glb(self) -> bytes:
        """The part as one binary glTF file: one mesh, one primitive for each material."""
        return _write(self)


def shade(models: Sequence[Model], *, floor: bool = False) -> list[Model]:
    """The same parts, darker where they lie deep in each other; what is blended stays as it is.

    Args:
        models: parts in one frame. floor: they stand on the floor at z = 0. See :mod:`twin.occlusion`.
    """
    places = [(n, material) for n, model in enumerate(models) for material in model.shapes if not material.blended]
    light = dict(zip(places, shaded([join(models[n].shapes[m]) for n, m in places], floor=floor), strict=True))
    return [
        Model(model.name, {m: [light[n, m]] if (n, m) in light else shapes for m, shapes in model.shapes.items()})
        for n, model in enumerate(models)
    ]


class _Buffer:
    """The binary chunk as it grows, with its views and accessors."""

    def __init__(self) -> None:
        self.data = bytearray()
        self.views: list[dict[str, Any]] = []
        self.accessors: list[dict[str, Any]] = []

    def put(
        self, array: NDArray[Any], component: int, kind: str, *, bounds: bool = False, normalized: bool = False
    ) -> int:
        raw = np.ascontiguousarray(array, dtype=_TYPES[component])
        view: dict[str, Any] = {"buffer": 0, "byteOffset": len(self.data), "byteLength": raw.nbytes}
        view["target"] = 34963 if kind == "SCALAR" else 34962
        self.data += raw.tobytes() + b"\0" * (-raw.nbytes % 4)
        self.views.append(view)
        accessor: dict[str, Any] = {"bufferView": len(self.views) - 1, "componentType": component, "count": len(raw)}
        accessor["type"] = kind
        if normalized:
            accessor["normalized"] = True
        if bounds:
            accessor["min"], accessor["max"] = raw.min(0).astype(float).tolist(), raw.max(0).astype(float).tolist()
        self.accessors.append(accessor)
        return len(self.accessors) - 1


def _write(model: Model) -> bytes:
    buffer = _Buffer()
    primitives: list[dict[str, Any]] = []
    materials: list[dict[str, Any]] = []
    for material, shapes in model.shapes.items():
        shape = join(shapes)
        # + 0.0 turns a negative zero into zero, so that equal parts have equal bytes
        points = np.round(shape.points, 5) + 0.0
        normals = np.round(shape.normals * 2000.0) / 2000.0 + 0.0
        normals /= np.linalg.norm(normals, axis=1, keepdims=True)
        attributes = {
            "POSITION": buffer.put(points, F32, "VEC3", bounds=True),
            "NORMAL": buffer.put(normals, F32, "VEC3"),
        }
        if shape.colours is not None:
            attributes["COLOR_0"] = buffer.put(np.round(shape.colours * 255.0), U8, "VEC4", normalized=True)
        width = U16 if len(points) < 65535 else U32
        indices = buffer.put(shape.triangles.reshape(-1), width, "SCALAR")
        primitives.append({"attributes": attributes, "indices": indices, "material": len(materials)})
        materials.append(_material(material))
    document = {
        "asset": {"version": "2.0", "generator": "SwapTwin", "extras": {"link_frame": "z up, metres"}},
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [{"name": model.name, "mesh": 0, "rotation": _Z_UP_TO_Y_UP_XYZW}],
        "meshes": [{"name": model.name, "primitives": primitives}],
        "materials": materials,
        "accessors": buffer.accessors,
        "bufferViews": buffer.views,
        "buffers": [{"byteLength": len(buffer.data)}],
    }
    return _join_chunks(document, bytes(buffer.data))


def _material(material: Material) -> dict[str, Any]:
    r, g, b = material.linear
    entry: dict[str, Any] = {
        "name": material.name,
        "pbrMetallicRoughness": {
            "baseColorFactor": [r, g, b, 1.0],
            "metallicFactor": material.metallic,
            "roughnessFactor": material.roughness,
        },
        "extras": {"srgb": material.srgb},
    }
    if material.emission:
        entry["emissiveFactor"] = [round(c * material.emission, 5) for c in (r, g, b)]
    if material.blended:
        entry["alphaMode"] = "BLEND"
    return entry


@dataclass(frozen=True)
class Primitive:
    """One piece of a file in the link frame: ``points`` and ``normals`` (n,3), ``triangles`` (m,3), its material."""

    material: str
    rgba_linear: tuple[float, ...]
    metallic: float
    roughness: float
    blended: bool
    points: NDArray[np.float32]
    normals: NDArray[np.float32] | None
    triangles: NDArray[np.int64]
    colours: NDArray[np.float64] | None


def read_glb(data: bytes, *, name: str = "glb") -> list[Primitive]:
    """Reads the triangles of a binary glTF (no compression, embedded buffer) and turns them into the z-up link frame.

    Raises:
        InputError: not a binary glTF 2.0 file, cut short, or using something this reader does not know.
    """
    try:
        document, body = _chunks(data, name)
    except (struct.error, ValueError) as e:
        raise InputError(key=name, expected="a whole binary glTF 2.0 file", got=f"{type(e).__name__}: {e}") from e
    if document.get("extensionsRequired"):
        raise InputError(
            key=name,
            expected="a glTF without required extensions",
            got=", ".join(document["extensionsRequired"]),
            hint="export it without compression",
        )
    try:
        found: list[Primitive] = []
        for root in document["scenes"][document.get("scene", 0)]["nodes"]:
            _walk(document, body, root, _Z_UP.T, found)
        return found
    except (KeyError, IndexError, ValueError, TypeError) as e:
        raise InputError(key=name, expected="a complete glTF 2.0 document", got=f"{type(e).__name__}: {e}") from e


def placed(data: bytes, X_LV: Sequence[float] | NDArray[Any], *, name: str = "glb") -> bytes:
    """The same part standing elsewhere in its link: a root node is put over those of the file.

    Args:
        data: a binary glTF.
        X_LV: pose of the part in the link frame (x, y, z, qx, qy, qz, qw), as a URDF's ``<visual><origin>`` gives it.

    Raises:
        InputError: ``data`` is no binary glTF.
    """
    pose = np.asarray(X_LV, dtype=float)
    if np.allclose(pose, [0, 0, 0, 0, 0, 0, 1]):
        return data
    document, body = _chunks(data, name)
    X = _pose({"translation": pose[:3], "rotation": pose[3:]})
    scene = document["scenes"][document.get("scene", 0)]
    over = (_Z_UP @ X @ _Z_UP.T).T.reshape(-1).round(9) + 0.0  # the same motion said in glTF's axes, column by column
    document["nodes"].append({"name": "placed", "matrix": over.tolist(), "children": scene["nodes"]})
    scene["nodes"] = [len(document["nodes"]) - 1]
    return _join_chunks(document, body)


def reworded(data: bytes, reword: Callable[[Any], Any], *, name: str = "glb") -> bytes:
    """The same part with its JSON, names and extras among it, passed through `reword`.

    Raises:
        InputError: not a binary glTF 2.0 file, or cut short.
    """
    try:
        document, body = _chunks(data, name)
    except (struct.error, ValueError) as e:
        raise InputError(key=name, expected="a whole binary glTF 2.0 file", got=f"{type(e).__name__}: {e}") from e
    said = reword(document)
    return data if said == document else _join_chunks(said, body)


def _join_chunks(document: dict[str, Any], body: bytes) -> bytes:
    text = json.dumps(document, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 4)
    total = 12 + 8 + len(text) + 8 + len(body)
    head = struct.pack("<III", MAGIC, 2, total) + struct.pack("<II", len(text), JSON_CHUNK)
    return head + text + struct.pack("<II", len(body), BIN_CHUNK) + body


def _chunks(data: bytes, name: str) -> tuple[dict[str, Any], bytes]:
    if (
        len(data) < 20
        or struct.unpack_from("<II", data) != (MAGIC, 2)
        or struct.unpack_from("<I", data, 8)[0] > len(data)
    ):
        raise InputError(key=name, expected="a whole binary glTF 2.0 file", got=f"{len(data)} bytes of something else")
    length, kind = struct.unpack_from("<II", data, 12)
    if kind != JSON_CHUNK:
        raise InputError(key=name, expected="a JSON chunk first", got=f"chunk {kind:#x}")
    at = 20 + length
    body = data[at + 8 : at + 8 + struct.unpack_from("<I", data, at)[0]] if at + 8 <= len(data) else b""
    document: dict[str, Any] = json.loads(data[20:at])
    return document, body


def _walk(document: dict[str, Any], body: bytes, index: int, parent: NDArray[Any], found: list[Primitive]) -> None:
    node = document["nodes"][index]
    X = parent @ _pose(node)
    if "mesh" in node:
        for primitive in document["meshes"][node["mesh"]]["primitives"]:
            if primitive.get("mode", 4) == 4:
                found.append(_primitive(document, body, primitive, X))
    for child in node.get("children", []):
        _walk(document, body, child, X, found)


def _pose(node: dict[str, Any]) -> NDArray[Any]:
    if "matrix" in node:
        matrix: NDArray[Any] = np.array(node["matrix"], dtype=float).reshape(4, 4).T
        return matrix
    x, y, z, w = np.array(node.get("rotation", [0, 0, 0, 1]), dtype=float) / np.linalg.norm(node.get("rotation", [1.0]))
    X = np.eye(4)
    X[:3, :3] = [
        [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
        [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
        [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
    ]
    X[:3, :3] *= np.array(node.get("scale", [1.0, 1.0, 1.0]))
    X[:3, 3] = node.get("translation", [0.0, 0.0, 0.0])
    return X


def _primitive(document: dict[str, Any], body: bytes, primitive: dict[str, Any], X: NDArray[Any]) -> Primitive:
    attributes = primitive["attributes"]
    points = _values(document, body, attributes["POSITION"]) @ X[:3, :3].T + X[:3, 3]
    normals = None
    if "NORMAL" in attributes:
        turned = _values(document, body, attributes["NORMAL"]) @ np.linalg.inv(X[:3, :3])
        normals = (turned / np.linalg.norm(turned, axis=1, keepdims=True)).astype(np.float32)
    if "indices" in primitive:
        order = _values(document, body, primitive["indices"]).reshape(-1).astype(np.int64)
    else:
        order = np.arange(len(points))
    material = document["materials"][primitive["material"]] if "material" in primitive else {}
    look = material.get("pbrMetallicRoughness", {})
    return Primitive(
        material=material.get("name", ""),
        rgba_linear=tuple(look.get("baseColorFactor", (1.0, 1.0, 1.0, 1.0))),
        metallic=look.get("metallicFactor", 1.0),
        roughness=look.get("roughnessFactor", 1.0),
        blended=material.get("alphaMode") == "BLEND",
        points=points.astype(np.float32),
        normals=normals,
        triangles=order.reshape(-1, 3),
        colours=_values(document, body, attributes["COLOR_0"]) if "COLOR_0" in attributes else None,
    )


def _values(document: dict[str, Any], body: bytes, index: int) -> NDArray[np.float64]:
    accessor = document["accessors"][index]
    view = document["bufferViews"][accessor["bufferView"]]
    kind, width, count = np.dtype(_TYPES[accessor["componentType"]]), _WIDTHS[accessor["type"]], accessor["count"]
    start = view.get("byteOffset", 0) + accessor.get("byteOffset", 0)
    stride = view.get("byteStride", kind.itemsize * width)
    raw = np.ndarray((count, width), kind, buffer=body, offset=start, strides=(stride, kind.itemsize))
    values: NDArray[np.float64] = raw.astype(np.float64)
    if accessor.get("normalized"):
        values /= float(np.iinfo(kind).max)
    return values


def bounds(primitives: Sequence[Primitive], *, shadows: bool = False) -> tuple[NDArray[Any], NDArray[Any]]:
    """The lowest and highest corner (3,) of a part in its link frame, soft shadows left out unless asked for."""
    points = np.vstack([p.points for p in primitives if shadows or p.material != "shadow"])
    return points.min(0), points.max(0)
