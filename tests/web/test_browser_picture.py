"""The picture in a real browser: what is pointed at, hidden, lit, coloured, labelled, measured, cut and replaced."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.web import synthetic
from tests.web.page import Open, Start, differing, picture, seek
from twin import frames
from twin.gltf import Model
from twin.kinematics import Chain
from twin.mesh import box
from twin.palette import LAMP_RED, Material
from twin.record import RecordWriter, SceneModel
from twin.scene import Machine, Scene
from twin.shipped import shipped
from twin.signals import Signal, SignalTable

RED = Signal("bay.entry_light.cmd_red", "bool")
CHARGE = Signal("pack1.battery.gt_soc_frac", low=0.0, high=1.0)
PACK = "pack.QJ75-0001"
BINDINGS = {
    "lamps": [
        {
            "frame": "station",
            "part": "light",
            "material": "lamp_red",
            "lines": [{"is": {RED.name: [1]}, "above": {}, "colour": "#ff3030"}],
            "otherwise": "#34393e",
        }
    ],
    "packs": [
        {
            "frame": PACK,
            "part": "pack",
            "serial": "QJ75-0001",
            "material": "soc",
            "charge": [{"is": {}, "above": {}, "signal": CHARGE.name, "source": "truth"}],
        }
    ],
    "charge": {"scale": [[0.0, "#e02020"], [1.0, "#20c060"]], "unknown": "#8d969f"},
    "labels": [
        {"kind": "name", "frame": "shuttle.carriage", "at": [1.1, -0.6, 0.2], "text": {"en": "Car", "zh": "穿梭车"}}
    ],
}


@pytest.fixture(scope="module")
def lit_record(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The synthetic station with a lamp, red from 2 s on, and a pack that is charged from 0 to 1 in 4 s."""
    light = Model("light")
    light.add(LAMP_RED, box((0.8, 0.8, 0.8), (3.0, -2.0, 2.0)))
    path = tmp_path_factory.mktemp("lit") / "lit.mcap"
    with RecordWriter(
        path,
        metadata=synthetic.METADATA,
        tables={**synthetic.TABLES, "light": SignalTable([RED]), "truth": SignalTable([CHARGE])},
        frames=synthetic.FRAMES,
        scene=[*synthetic.scene(), SceneModel("station", light.to_glb(), "light")],
        attachments={"bindings.json": json.dumps(BINDINGS).encode()},
    ) as record:
        for scan in range(4 * 50 + 1):
            t_ns, t_s = scan * synthetic.SCAN_NS, scan * synthetic.SCAN_NS / 1e9
            for table, values in synthetic.rows(t_s).items():
                record.row(table, t_ns, values)
            record.row("light", t_ns, [float(t_s >= 2.0)])
            record.row("truth", t_ns, [t_s / 4.0])
            record.poses(t_ns, synthetic.poses(t_s))
    return path


def _still(page: Any) -> None:
    """Wait until the camera stands and everything is drawn in full."""
    page.wait_for_function("!swaptwin_player.stage.move", timeout=10_000)
    page.wait_for_timeout(700)


def _stand(page: Any) -> None:
    """A camera that sees the whole of the small station."""
    page.evaluate(
        "(() => { const { camera } = swaptwin_player.stage; camera.setPosition(9, -11, 7);"
        " camera.setFocalPoint(0.5, 0, 1); swaptwin_player.dirty = true })()"
    )
    _still(page)


def _where(page: Any, point: list[float]) -> tuple[float, float]:
    at = page.evaluate(f"swaptwin_player.stage.project({point})")
    return at["x"], at["y"]


def _pick(page: Any, point: list[float]) -> Any:
    x, y = _where(page, point)
    return page.evaluate(f"swaptwin_player.stage.pick({x}, {y})")


def _colour(page: Any, point: list[float]) -> np.ndarray:
    """Mean colour of the picture around a point of the station."""
    x, y = (round(value) for value in _where(page, point))
    return picture(page)[y - 2 : y + 3, x - 2 : x + 3].reshape(-1, 3).mean(axis=0)


def _written(page: Any) -> list[str]:
    return [str(text) for text in page.evaluate("swaptwin_player.stage.overlay.written.map((one) => one.text)")]


def test_what_is_pointed_at_is_named_also_where_it_has_moved_to(
    start_viewer: Start, open_page: Open, record: Path
) -> None:
    page = open_page(start_viewer([record]).url)
    _stand(page)
    for t_s in (0.5, 4.0):
        seek(page, t_s)
        top = [0.0, 0.4, 0.36 + synthetic.height_m(t_s) + 0.14]
        truck = [max(3.0 - 2.0 * t_s, 0.0), -1.25, 2.0]
        # The truck's block hides the pack from above: it is looked for with the truck hidden.
        assert _pick(page, truck)["part"] == "truck0.chassis/truck"
        page.evaluate("swaptwin_player.stage.setShown({hidden: new Set(['truck0.chassis/truck'])})")
        picked = _pick(page, top)
        assert (picked["frame"], picked["part"]) == (PACK, f"{PACK}/pack")
        assert picked["point"] == pytest.approx(top, abs=0.02)
        page.evaluate("swaptwin_player.stage.setShown({})")
    script = (
        "(() => { const a = performance.now(); swaptwin_player.stage.pick(400, 300); return performance.now() - a })()"
    )
    assert page.evaluate(script) < 100


def test_hiding_hides_and_ghosts_let_through(start_viewer: Start, open_page: Open, record: Path) -> None:
    page = open_page(start_viewer([record]).url)
    seek(page, 3.0)
    _still(page)
    show = "(shown) => { swaptwin_player.stage.setShown(shown); swaptwin_player.dirty = true }"
    ids = "new Set(['truck0.chassis/truck'])"
    whole = picture(page)
    page.evaluate(f"({show})({{hidden: {ids}}})")
    _still(page)
    hidden = picture(page)
    page.evaluate(f"({show})({{ghosted: {ids}}})")
    _still(page)
    ghosted = picture(page)
    assert differing(whole, hidden) > 5000
    assert differing(ghosted, hidden) > 2000, "a ghost is seen"
    assert np.abs(ghosted - hidden).sum() < 0.6 * np.abs(whole - hidden).sum(), "and lets through"
    page.evaluate(f"({show})({{}})")
    _still(page)
    assert differing(whole, picture(page)) < 200


def test_a_lamp_takes_the_colour_of_its_signal(start_viewer: Start, open_page: Open, lit_record: Path) -> None:
    page = open_page(start_viewer([lit_record]).url)
    page.evaluate("swaptwin_player.stage.focus('station/light')")
    _still(page)
    front = [3.0, -2.4, 2.0]
    seek(page, 1.0)
    _still(page)
    dark = _colour(page, front)
    seek(page, 3.0)
    _still(page)
    lit = _colour(page, front)
    assert dark.max() < 110
    assert lit[0] > 180 and lit[0] > 2 * lit[1]
    seek(page, 1.0)
    _still(page)
    assert np.abs(_colour(page, front) - dark).max() < 12


def test_a_packs_colour_and_label_follow_its_charge(start_viewer: Start, open_page: Open, lit_record: Path) -> None:
    page = open_page(start_viewer([lit_record]).url)
    page.evaluate("swaptwin_player.stage.setShown({hidden: new Set(['truck0.chassis/truck', 'station/light'])})")
    page.evaluate(f"swaptwin_player.stage.focus('{PACK}/pack')")
    seek(page, 0.0)
    _still(page)
    assert any("QJ75-0001  0 %" in text for text in _written(page)), _written(page)
    eye = page.evaluate("swaptwin_player.stage.camera.getPosition()")
    side = 0.38 if eye[0] > 0 else -0.38
    empty = _colour(page, [side, 0.4, 0.36 + 0.05])
    seek(page, 4.0)
    _still(page)
    full = _colour(page, [side, 0.4, 0.36 + synthetic.height_m(4.0) + 0.05])
    assert empty[0] > 1.5 * empty[1] and full[1] > 1.5 * full[0]
    assert any("QJ75-0001  100 %" in text for text in _written(page))
    assert "true value of the simulation" in page.locator(".legend").inner_text()


def test_labels_speak_the_language_of_the_page_and_can_be_left_out(
    start_viewer: Start, open_page: Open, lit_record: Path
) -> None:
    page = open_page(start_viewer([lit_record]).url, locale="zh-CN")
    page.evaluate("swaptwin_player.stage.setShown({hidden: new Set(['truck0.chassis/truck', 'station/light'])})")
    _stand(page)
    assert "穿梭车" in _written(page)
    words = " ".join(_written(page)) + page.locator(".legend").inner_text()
    assert re.findall(r"[A-Za-z]{2,}", words.replace("QJ75-0001", "")) == []
    page.get_by_role("button", name="标签").click()
    _still(page)
    assert _written(page) == []
    page.reload()
    page.wait_for_function("window.swaptwin_player?.store.stage.value === 'ready'", timeout=30_000)
    assert page.evaluate("swaptwin_player.store.labelled.value") is False


def test_a_record_that_says_nothing_of_colours_still_opens(start_viewer: Start, open_page: Open, record: Path) -> None:
    page = open_page(start_viewer([record]).url)
    assert page.locator(".legend").count() == 0
    assert page.evaluate("swaptwin_player.manifest?.bindings ?? null") is None


def test_a_section_takes_away_what_stands_before_it(start_viewer: Start, open_page: Open, record: Path) -> None:
    page = open_page(start_viewer([record]).url)
    seek(page, 3.0)
    _stand(page)
    x, y = _where(page, [0.0, -1.25, 2.0])
    assert page.evaluate(f"swaptwin_player.stage.pick({x}, {y}).point[1]") == pytest.approx(-1.25, abs=0.01)
    whole = picture(page)
    page.evaluate("swaptwin_player.stage.section({axis: 'y', at: 0.0})")
    _still(page)
    assert differing(whole, picture(page)) > 3000
    assert page.evaluate(f"swaptwin_player.stage.pick({x}, {y})?.point[1] ?? 9") > 0.0
    page.evaluate("swaptwin_player.stage.section(null)")
    _still(page)
    assert differing(whole, picture(page)) < 200


def test_distances_are_measured_between_surfaces(start_viewer: Start, open_page: Open, record: Path) -> None:
    page = open_page(start_viewer([record]).url)
    for t_s in (0.5, 4.0):
        seek(page, t_s)
        line = page.evaluate(f"swaptwin_player.stage.distance('{PACK}/pack', 'shuttle.carriage/carriage')")
        # The pack's underside is 0.16 m above its lift's origin, the carriage's top 0.12 m above the floor.
        assert line["metres"] == pytest.approx(0.36 - 0.20 + synthetic.height_m(t_s) - 0.12, abs=1e-3)
        assert line["from"][2] - line["to"][2] == pytest.approx(line["metres"], abs=1e-3)
    assert page.evaluate("swaptwin_player.stage.distance('nothing', 'shuttle.carriage/carriage')") is None


def test_the_camera_goes_along_with_what_it_follows(start_viewer: Start, open_page: Open, record: Path) -> None:
    page = open_page(start_viewer([record]).url)
    seek(page, 0.5)
    page.evaluate("swaptwin_player.look('follow_pack')")
    _still(page)
    seek(page, 0.6)
    before = _where(page, [0.0, 0.4, 0.36 + synthetic.height_m(0.6)])
    seek(page, 4.0)
    after = _where(page, [0.0, 0.4, 0.36 + synthetic.height_m(4.0)])
    assert after == pytest.approx(before, abs=1.0)
    page.evaluate("swaptwin_player.stage.follow(null)")
    seek(page, 0.6)
    assert abs(_where(page, [0.0, 0.4, 0.36])[1] - before[1]) > 10


def test_the_picture_is_handed_out_as_a_png(start_viewer: Start, open_page: Open, lit_record: Path) -> None:
    page = open_page(start_viewer([lit_record]).url)
    _still(page)
    script = """async () => {
      const blob = await swaptwin_player.stage.picture();
      const image = await createImageBitmap(blob);
      const canvas = document.createElement("canvas");
      Object.assign(canvas, { width: image.width, height: image.height });
      const context = canvas.getContext("2d");
      context.drawImage(image, 0, 0);
      const colours = new Set();
      const row = context.getImageData(0, image.height / 2, image.width, 1).data;
      for (let at = 0; at < row.length; at += 160) colours.add(row.slice(at, at + 3).join());
      return [blob.type, image.width, colours.size];
    }"""
    kind, width, colours = page.evaluate(script)
    assert kind == "image/png" and width > 600
    assert colours > 3, "it is not empty"


def test_a_part_from_cad_replaces_a_shipped_one_by_one_line(
    start_viewer: Start, open_page: Open, tmp_path: Path
) -> None:
    """The mast's line names another file, exported y-up with a node of its own scale: that is what is drawn."""
    folder = tmp_path / "stacker_crane"
    shutil.copytree(shipped("assets", "robots", "stacker_crane"), folder)
    cad = Model("mast_cad")
    cad.add(Material("magenta", "#ff00ff"), box((0.5, 0.5, 1.5), (0.0, 0.0, 0.75)))
    (folder / "meshes" / "mast_cad.glb").write_bytes(_scaled(cad.to_glb(), 2.0))
    urdf = folder / "crane.urdf"
    text = urdf.read_text(encoding="utf-8")
    assert text.count("meshes/mast.glb") == 1
    urdf.write_text(text.replace("meshes/mast.glb", "meshes/mast_cad.glb"), encoding="utf-8")

    chain = Chain(urdf)
    joints = sorted({link.driver for link in chain.links.values() if link.movable})
    scene = Scene(
        [Machine("crane", chain, frames.pose())], [], {}, {f"crane.{name}": n for n, name in enumerate(joints)}
    )
    models = [
        SceneModel(f"crane.{link.name}", visual.mesh.read_bytes(), visual.mesh.stem)
        for link in chain.links.values()
        for visual in link.visuals
    ]
    path = tmp_path / "cad.mcap"
    with RecordWriter(
        path, metadata=synthetic.METADATA, tables=synthetic.TABLES, frames=scene.frames, scene=models
    ) as record:
        for table, values in synthetic.rows(0.0).items():
            record.row(table, 0, values)
        record.poses(0, scene.poses(np.zeros((1, len(joints))))[0])

    page = open_page(start_viewer([path]).url)
    _still(page)
    r, g, b = np.moveaxis(picture(page), 2, 0)
    assert int(((r > 120) & (b > 120) & (g < 90)).sum()) > 500, "the part from CAD is drawn"
    bounds = page.evaluate("swaptwin_player.stage.parts.find((part) => part.name === 'mast_cad').shape.bounds")
    assert bounds == pytest.approx([-0.5, 0.5, -0.5, 0.5, 0.0, 3.0], abs=1e-3)
    assert not page.evaluate("swaptwin_player.stage.parts.some((part) => part.name === 'mast')")


def _scaled(glb: bytes, factor: float) -> bytes:
    """The same file with its node scaled, as an exporter in other units writes it."""
    length = int.from_bytes(glb[12:16], "little")
    document = json.loads(glb[20 : 20 + length])
    document["nodes"][0]["scale"] = [factor] * 3
    text = json.dumps(document).encode()
    text += b" " * (-len(text) % 4)
    body = glb[20 + length :]
    head = b"glTF" + (2).to_bytes(4, "little") + (20 + len(text) + len(body)).to_bytes(4, "little")
    return head + len(text).to_bytes(4, "little") + b"JSON" + text + body
