"""Shapes are closed, look outward and have unit normals; a file gives back what was written."""

from __future__ import annotations

import json
import struct

import numpy as np
import pytest

from twin import palette as look
from twin.errors import InputError
from twin.gltf import Model, bounds, placed, read_glb
from twin.mesh import Shape, arc, box, cylinder, disc, extrude, lathe, soft_shadow, tube
from twin.occlusion import shaded

CORNER = [(0.0, 0.0), (2.0, 0.0), (2.0, 1.0), (1.0, 1.0), (1.0, 2.0), (0.0, 2.0)]
CLOSED = {
    "box": (box((1, 2, 3), bevel=0.01), 6.0),
    "cylinder": (cylinder(0.5, 2.0, sides=64, bevel=0.001), np.pi / 2),
    "cylinder along x": (cylinder(0.5, 2.0, axis=0, sides=64, bevel=0.001), np.pi / 2),
    "cylinder along y": (cylinder(0.5, 2.0, axis=1, sides=64, bevel=0.001), np.pi / 2),
    "lathe": (lathe([(0, 0), (1, 0), (0, 3)], sides=128), np.pi),
    "tube": (tube([(0, 0, 0), (0, 0, 1), (0, 0, 2)], 0.5, sides=64), np.pi / 2),
    "prism along x": (extrude(CORNER, 2.0, axis=0), 6.0),
    "prism along y": (extrude(CORNER, 2.0, axis=1), 6.0),
    "prism listed the other way": (extrude(CORNER[::-1], 2.0), 6.0),
    "mirrored": (extrude(CORNER, 2.0).mirrored(), 6.0),
    "turned": (extrude(CORNER, 2.0).turned(rx=30, ry=-20, rz=70), 6.0),
    "half ring": (extrude([*arc(1.0, 0, 180, steps=60), *arc(0.5, 180, 0, steps=60)], 1.0), np.pi * 0.375),
}


def volume(shape: Shape) -> float:
    """The volume inside outward-facing triangles, by the divergence theorem."""
    a, b, c = (shape.points[shape.triangles[:, k]] for k in range(3))
    return float(np.einsum("ij,ij->", a, np.cross(b, c)) / 6.0)


@pytest.mark.parametrize("name", CLOSED)
def test_closed_shapes_enclose_their_volume_facing_outward(name: str) -> None:
    shape, expected = CLOSED[name]
    assert volume(shape) == pytest.approx(expected, rel=0.01)


@pytest.mark.parametrize("shape", [s for s, _ in CLOSED.values()] + [disc(1.0)])
def test_normals_are_unit_and_agree_with_the_triangles(shape: Shape) -> None:
    a, b, c = (shape.points[shape.triangles[:, k]] for k in range(3))
    facing = np.cross(b - a, c - a)
    assert np.allclose(np.linalg.norm(shape.normals, axis=1), 1.0)
    assert (np.einsum("mj,mkj->mk", facing, shape.normals[shape.triangles]) > -1e-9).all()


def test_a_shadow_fades_to_nothing_at_its_border() -> None:
    shadow = soft_shadow((2, 1), (0, 0, 0.1), fade=0.5, darkness=0.6)
    assert shadow.colours is not None
    outside = (np.abs(shadow.points[:, 0]) > 1.49) | (np.abs(shadow.points[:, 1]) > 0.99)
    assert shadow.colours[:, 3].max() == pytest.approx(0.6)
    assert (shadow.colours[outside, 3] < 1e-9).all()


def part() -> Model:
    model = Model("part")
    model.add(look.PAINT, box((1, 2, 3), (0.1, 0.2, 0.3)))
    model.add(look.SHADOW, soft_shadow((1, 1), (0, 0, -1.2), fade=0.2, darkness=0.4))
    return model


def test_a_file_gives_back_the_link_frame_and_the_materials() -> None:
    body, shadow = read_glb(part().to_glb())
    low, high = bounds([body, shadow])
    assert np.allclose(low, [-0.4, -0.8, -1.2]) and np.allclose(high, [0.6, 1.2, 1.8])
    assert (body.material, shadow.material) == ("paint", "shadow")
    assert body.rgba_linear[:3] == look.PAINT.linear
    assert shadow.blended and not body.blended
    assert shadow.colours is not None and shadow.colours[:, 3].max() == pytest.approx(0.4, abs=1 / 255)


def test_a_gltf_viewer_sees_the_part_upright() -> None:
    """glTF's up is y: the node turns the link frame's z there, and +90° about x turns it back (Foxglove does that)."""
    data = part().to_glb()
    node = json.loads(data[20 : 20 + struct.unpack_from("<I", data, 12)[0]])["nodes"][0]
    x, y, z, w = node["rotation"]
    assert (y, z) == (0.0, 0.0)
    up = np.array([0.0, -2 * x * w, 1 - 2 * x * x])  # where the node puts (0, 0, 1)
    assert np.allclose(up, [0, 1, 0], atol=1e-6)


def test_a_node_of_a_cad_file_is_followed() -> None:
    """Another exporter may nest, scale and shift: everything is applied before turning z up."""
    data = part().to_glb()
    length = struct.unpack_from("<I", data, 12)[0]
    document = json.loads(data[20 : 20 + length])
    document["nodes"] = [
        {"children": [1], "translation": [1.0, 2.0, 3.0]},
        {"mesh": 0, "scale": [2.0, 2.0, 2.0]},
    ]
    text = json.dumps(document).encode()
    text += b" " * (-len(text) % 4)
    rest = data[20 + length :]
    again = struct.pack("<IIIII", 0x46546C67, 2, 20 + len(text) + len(rest), len(text), 0x4E4F534A) + text + rest
    low, high = bounds(read_glb(again))
    # x → 2x + 1; y of glTF is z of the link frame, z of glTF is −y
    assert np.allclose(low, [2 * -0.4 + 1, -(2 * 1.8 + 3), 2 * -0.8 + 2])
    assert np.allclose(high, [2 * 0.6 + 1, -(2 * -1.2 + 3), 2 * 1.2 + 2])


def test_a_part_is_placed_in_its_link_as_a_urdf_says() -> None:
    half = np.sqrt(0.5)
    there = read_glb(placed(part().to_glb(), [1.0, 2.0, 3.0, 0.0, 0.0, half, half]))  # a quarter turn about z
    low, high = bounds(there)
    assert np.allclose(low, [1 - 1.2, 2 - 0.4, 3 - 1.2], atol=1e-6)
    assert np.allclose(high, [1 + 0.8, 2 + 0.6, 3 + 1.8], atol=1e-6)
    assert placed(part().to_glb(), [0, 0, 0, 0, 0, 0, 1]) == part().to_glb()


@pytest.mark.parametrize("cut", [0, 3, 12, 25, 200, 1000])
def test_a_file_cut_short_is_refused_in_a_sentence(cut: int) -> None:
    with pytest.raises(InputError, match=r"cad\.glb: expected a whole binary glTF"):
        read_glb(part().to_glb()[:cut], name="cad.glb")


def test_a_compressed_file_is_refused_with_what_to_do() -> None:
    data = part().to_glb()
    length = struct.unpack_from("<I", data, 12)[0]
    document = json.loads(data[20 : 20 + length])
    document["extensionsRequired"] = ["KHR_draco_mesh_compression"]
    text = json.dumps(document).encode()
    head = struct.pack("<IIIII", 0x46546C67, 2, 20 + len(text), len(text), 0x4E4F534A)
    with pytest.raises(InputError, match="export it without compression"):
        read_glb(head + text)


def test_what_lies_deep_is_darker() -> None:
    """The bottom of a narrow channel sees less light than its rim; a floor takes light from what is just above it."""
    walls = [box((1.0, 0.1, 0.5), (0, side * 0.15, 0.25)) for side in (-1, 1)]
    bottom = box((1.0, 0.2, 0.02), (0, 0, 0.01))
    *_, deep = shaded([*walls, bottom], floor=False)
    open_, *_ = shaded([bottom], floor=False)
    inner = (np.abs(bottom.points[:, 1]) < 0.12) & (bottom.normals[:, 2] > 0.9)
    assert deep.colours is not None and open_.colours is not None
    assert deep.colours[inner, 0].mean() < open_.colours[inner, 0].mean() - 0.2
    assert open_.colours[inner, 0].min() > 0.95

    side = box((0.2, 0.2, 1.0), (0, 0, 0.5))
    (lit,) = shaded([side], floor=True)
    assert lit.colours is not None
    upright = np.abs(side.normals[:, 2]) < 0.1
    low, high = upright & (side.points[:, 2] < 0.1), upright & (side.points[:, 2] > 0.9)
    assert lit.colours[low, 0].mean() < lit.colours[high, 0].mean() - 0.1
    assert (lit.colours[:, 3] == 1.0).all()
