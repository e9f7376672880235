"""Logs named by id, windows of a finished Record and of one that grows."""

from __future__ import annotations

from concurrent.futures import Future
from pathlib import Path

import numpy as np
import pytest

from tests.web.synthetic import FRAMES, SCAN_NS, height_m, poses, write_scan, writer
from twin.errors import InputError, RecordError
from twin.playback import Playback, unpack
from web.live import LiveRun
from web.log import Library, Log


class Run:
    """A run as the viewer sees it, without a simulation."""

    def __init__(self, path: Path) -> None:
        self.alive = True
        self.requests: list[object] = []
        self.live = LiveRun(
            record=path,
            request=self.requests.append,
            pace=self.requests.append,
            running=lambda: self.alive,
            progress=lambda: {"t_ns": 0},
        )


def test_a_log_is_named_by_id_only(record: Path) -> None:
    library = Library([record])
    assert [log.listing() for log in library] == [{"id": "r0", "title": "synthetic", "live": False}]
    for wrong in ["r1", str(record), "../r0", None, 0]:
        with pytest.raises(InputError):
            library[wrong]


def test_the_manifest_tells_what_is_in_it(record: Path) -> None:
    manifest = Log("r0", record).manifest()
    assert manifest["finished"] and not manifest["running"]
    assert manifest["end_ns"] == 8_000_000_000
    assert [name for name, _ in manifest["frames"]] == [frame.name for frame in FRAMES]
    assert {model["frame"] for model in manifest["models"]} == {frame.name for frame in FRAMES}
    assert {event["kind"] for event in manifest["events"]} == {"state", "phase", "alarm", "fault"}
    assert manifest["tables"]["plant"][0]["name"] == "shuttle.lift.pv_position_m"


def test_a_window_holds_its_ends_and_the_samples_around(record: Path) -> None:
    log = Log("r0", record)
    header, arrays = unpack(log.playback.window(1_990_000_000, 3_010_000_000, 0))
    times = arrays["pose_t"] + header["t0_ns"]
    assert times[0] == 1_980_000_000 and times[-1] == 3_020_000_000
    lift = [frame.name for frame in FRAMES].index("shuttle.lift")
    assert lift in arrays["slides"]
    p = arrays["p"].reshape(len(times), -1, 3)[:, list(arrays["slides"]).index(lift)]
    assert p[:, 2] == pytest.approx([height_m(t / 1e9) for t in times], abs=1e-6)
    assert arrays["base"].reshape(-1, 7)[lift] == pytest.approx(poses(1.98)[lift], abs=1e-6)


def test_a_coarser_window_is_smaller(record: Path) -> None:
    log = Log("r0", record)
    fine, coarse = log.playback.window(0, 8 * 10**9, 0), log.playback.window(0, 8 * 10**9, 250_000_000)
    assert len(coarse) < len(fine) / 5


def test_a_window_says_what_it_will_not_do(record: Path) -> None:
    log = Log("r0", record)
    with pytest.raises(InputError, match="t0_ns <= t1_ns"):
        log.playback.window(10, 5, 0)


def test_a_window_outside_the_record_is_still_a_window(record: Path) -> None:
    header, arrays = unpack(Log("r0", record).playback.window(60 * 10**9, 61 * 10**9, 0))
    assert arrays["pose_t"].size == 1, "the last pose before it"
    assert header["end_ns"] == 8_000_000_000


def test_a_model_that_two_frames_share_is_sent_once(tmp_path: Path) -> None:
    from tests.web.synthetic import scene
    from twin.record import Frame, RecordWriter, SceneModel

    glb = scene()[0].glb
    frames = [Frame("a.b", ""), Frame("c.d", "")]
    models = [SceneModel(frame=frame.name, glb=glb, name=frame.name) for frame in frames]
    with RecordWriter(tmp_path / "two.mcap", metadata={}, tables={}, frames=frames, scene=models) as record:
        record.poses(0, np.array([[0, 0, 0, 0, 0, 0, 1.0]] * 2))
    log = Log("r0", tmp_path / "two.mcap")
    assert log.manifest()["scene"] == [len(glb)]
    header, arrays = unpack(log.playback.scene(0))
    assert [model["glb"] for model in header["models"]] == ["glb0", "glb0"]
    assert arrays["glb0"].tobytes() == glb


def test_a_large_scene_comes_in_pieces_that_stand_alone(tmp_path: Path) -> None:
    from twin.record import Frame, RecordWriter, SceneModel

    frames = [Frame(f"a.f{n}", "") for n in range(8)]
    models = [SceneModel(frame.name, bytes([n // 2]) * 150_000, frame.name) for n, frame in enumerate(frames)]
    with RecordWriter(tmp_path / "large.mcap", metadata={}, tables={}, frames=frames, scene=models):
        pass
    log = Log("r0", tmp_path / "large.mcap")
    sizes = log.manifest()["scene"]
    assert sizes == [150_000] * 4
    found = {}
    for piece in range(len(sizes)):
        header, arrays = unpack(log.playback.scene(piece))
        found.update({model["frame"]: arrays[model["glb"]].tobytes() for model in header["models"]})
    assert found == {model.frame: model.glb for model in models}
    with pytest.raises(InputError, match="piece"):
        log.playback.scene(len(sizes))


def test_a_run_that_has_written_nothing_yet_is_waited_for(tmp_path: Path) -> None:
    run = Run(tmp_path / "live.mcap")
    log = Library([], run.live)["r0"]
    assert log.manifest()["waiting"] and log.manifest()["running"]
    assert log.poll() is not None
    assert log.poll() is None, "nothing new"
    run.alive = False
    with pytest.raises(RecordError):
        log.manifest()


def test_a_growing_record_is_followed_to_its_end(tmp_path: Path) -> None:
    run = Run(tmp_path / "live.mcap")
    log = Library([], run.live)["r0"]
    record = writer(run.live.record, flush_s=0.0)
    for scan in range(51):
        write_scan(record, scan, 1.0)
    record.flush()
    first = log.manifest()
    assert first["running"] and not first["finished"] and first["end_ns"] == 50 * SCAN_NS
    log.poll()
    for scan in range(51, 101):
        write_scan(record, scan, 2.0)
    record.flush()
    growth = log.poll()
    assert growth is not None and growth["end_ns"] == 100 * SCAN_NS
    assert growth["event_count"] == len(first["events"]) + len(log.playback.events(len(first["events"])))
    record.finish()
    run.alive = False
    ended = log.poll()
    assert ended is not None and ended["finished"] and not ended["running"]
    assert len(log.playback.window(0, 2 * 10**9, 0)) > 1000


def test_a_record_that_is_live_stands_first_and_once(tmp_path: Path, record: Path) -> None:
    run = Run(record)
    assert [log.path for log in Library([record], run.live)] == [record]


@pytest.mark.parametrize("content", [b"{", b"[]", b"{}", b'{"assets": {}, "devices": [], "parts": {}}'])
def test_assets_that_cannot_be_understood_are_not_recorded(tmp_path: Path, content: bytes) -> None:
    from twin.record import RecordWriter

    path = tmp_path / "odd.mcap"
    RecordWriter(path, metadata={}, tables={}, attachments={"assets.json": content}).finish()
    assert Log("r0", path).manifest()["assets"] is None


def test_what_another_run_left_is_not_taken_for_the_live_one(record: Path) -> None:
    begun = False
    live = LiveRun(
        record=record, request=lambda _: Future(), pace=lambda _: None, running=lambda: True, begun=lambda: begun
    )
    log = Log("r0", record, live)
    assert log.manifest()["waiting"] and log.poll() is not None
    begun = True
    assert log.manifest()["end_ns"] == 8_000_000_000


def test_growth_that_could_not_be_read_is_told_with_the_next_look(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def replaced(*_: object) -> bytes:
        raise RecordError("is replaced again and again while it is read")

    run = Run(tmp_path / "live.mcap")
    log = Library([], run.live)["r0"]
    record = writer(run.live.record, flush_s=0.0)
    for scan in range(101):
        write_scan(record, scan, 2.0)
        if scan == 50:
            record.flush()
            log.manifest()
            log.poll()
    record.flush()
    with monkeypatch.context() as patched:
        patched.setattr(Playback, "window", replaced)
        with pytest.raises(RecordError):
            log.poll()
    growth = log.poll()
    assert growth is not None and growth["end_ns"] == 100 * SCAN_NS and growth["piece"]
    record.finish()
