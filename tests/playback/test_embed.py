"""A stretch of a Record as parts of a page: what is in it, what stood before, and what must not be in it."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest

from tests.playback.secret import HEIGHT, NAMED, SECOND, SECRETS, STATE, write_secret
from tests.web.synthetic import ALARM, SCAN_NS, height_m
from twin.errors import InputError
from twin.playback import embed, unpack
from twin.record import Record


@pytest.fixture(scope="module")
def secret(tmp_path_factory: pytest.TempPathFactory) -> Record:
    return Record.open(write_secret(tmp_path_factory.mktemp("secret")))


def test_every_sample_of_the_stretch_is_there_and_what_stood_before(record: Path) -> None:
    parts = embed(Record.open(record), 2_010_000_000, 6_500_000_000)
    header, arrays = unpack(parts["signals"])
    entry = next(entry for entry in header["signals"] if entry["name"] == "shuttle.lift.pv_position_m")
    t_ns = arrays["t"][entry["start"] :][: entry["length"]] + header["t0_ns"]
    values = arrays["v"][entry["start"] :][: entry["length"]]
    assert entry["exact"]
    assert t_ns.tolist() == list(range(2_000_000_000, 6_500_000_001, SCAN_NS))
    assert values == pytest.approx([height_m(t / 1e9) for t in t_ns])
    header, arrays = unpack(parts["poses"])
    assert arrays["pose_t"][0] + header["t0_ns"] == 2_000_000_000
    assert arrays["pose_t"][-1] + header["t0_ns"] == 6_500_000_000
    assert set(np.diff(arrays["pose_t"])) == {SCAN_NS}


def test_the_manifest_says_what_the_page_was_cut_from(record: Path) -> None:
    manifest = json.loads(
        embed(Record.open(record), SECOND, 3 * SECOND, extras={"why": {"first": ALARM.name}})["manifest"]
    )
    excerpt = manifest["excerpt"]
    assert excerpt["sha256"] == hashlib.sha256(record.read_bytes()).hexdigest()
    assert (excerpt["log"], excerpt["log_start_ns"], excerpt["log_end_ns"]) == (record.name, 0, 8 * SECOND)
    assert (manifest["start_ns"], manifest["end_ns"], manifest["zero_ns"]) == (SECOND, 3 * SECOND, 0)
    assert manifest["extras"]["why"] == {"first": ALARM.name}
    assert manifest["metadata"]["estimated_geometry"] == "true"


def test_what_began_before_the_stretch_and_lasts_is_told(secret: Record) -> None:
    told = json.loads(embed(secret, 2 * SECOND, 4 * SECOND)["manifest"])["events"]
    assert [(event["t_ns"] / SECOND, event["kind"], event["name"]) for event in told] == [
        (0.5, "state", "Execute"),
        (0.8, "phase", "lift"),
        (1.2, "alarm", "rack.slot1.alm_hot"),
        (2.5, "operator", "login"),
        (3.2, "event", "seen"),
        (3.5, "phase", "lift"),
    ]


def test_nothing_private_is_in_any_part(secret: Record) -> None:
    parts = embed(
        secret,
        0,
        6 * SECOND,
        extras={"why": {"text": f"{SECRETS[1]} pressed stop", "signs": ["gate.camera.pv_plate > 0"]}},
    )
    everything = b"".join(parts.values()).lower()
    for word in (*SECRETS, "pv_plate", "pv_driver", "cam/plate"):
        assert word.lower().encode() not in everything
        assert json.dumps(word.lower())[1:-1].encode() not in everything
    manifest = json.loads(parts["manifest"])
    assert manifest["frames"] == [["truck.private-1", ""], ["shuttle.lift", ""]]
    assert unpack(parts["scene0"])[0]["models"][0]["frame"] == "truck.private-1"
    assert manifest["bindings"]["labels"][0]["frame"] == "truck.private-1"
    assert manifest["title"].startswith("private-1")
    assert manifest["excerpt"]["private"] == 2
    assert [lamp["material"] for lamp in manifest["bindings"]["lamps"]] == ["lamp_b"], "the other follows a plate"


def test_chosen_signals_alone_are_there_and_those_of_the_picture(secret: Record) -> None:
    def names(*patterns: str) -> set[str]:
        tables = json.loads(embed(secret, 0, SECOND, signals=patterns)["manifest"])["tables"]
        return {signal["name"] for table in tables.values() for signal in table}

    assert names() == {HEIGHT.name, STATE.name}
    assert names("shuttle.*") == {HEIGHT.name, STATE.name}, "a lamp follows the state"
    assert names("*.seq_*") == {STATE.name}
    assert names("gate.*") == {STATE.name}, "asking for a private signal does not give it"
    with pytest.raises(InputError, match=r"signals.*crane\.\*"):
        names("shuttle.*", "crane.*")


@pytest.mark.parametrize(
    ("t0_s", "t1_s", "told"),
    [(-1, 3, "from.*0 to 8 s.*-1 s"), (1, 9, "to.*0 to 8 s.*9 s"), (3, 1, "range.*3 s to 1 s"), (3, 3, "range")],
)
def test_a_stretch_that_is_none_is_told(record: Path, t0_s: int, t1_s: int, told: str) -> None:
    with pytest.raises(InputError, match=told):
        embed(Record.open(record), t0_s * SECOND, t1_s * SECOND)


def test_a_model_that_cannot_be_read_cannot_tell_anything(tmp_path: Path) -> None:
    from tests.playback.secret import TABLES
    from twin.record import Frame, RecordWriter, SceneModel

    path = tmp_path / "broken.mcap"
    scene = [SceneModel(NAMED, f"no glb of {SECRETS[0]}".encode(), "truck")]
    with RecordWriter(path, metadata={}, tables=TABLES, frames=[Frame(NAMED, "")], scene=scene) as writer:
        writer.row("plant", 0, [1, 1, 0.0])
        writer.row("plant", SECOND, [1, 1, 0.0])
    assert SECRETS[0].encode() not in embed(Record.open(path), 0, SECOND)["scene0"]
