"""A first map of a log that nobody knows."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.logs import LOGS, needs_logs
from twin.importing import import_files
from twin.importing.first_look import look_at
from twin.importing.guess import unit_in, write_map
from twin.record import Record
from twin.tag_map import load_map


def _guess(source: Path, folder: Path) -> str:
    """The map that is guessed; it loads, and imports as many samples of as many tags as no map does."""
    text = write_map(look_at([source]), [source.name])
    (folder / "map.yaml").write_text(text, encoding="utf-8")
    load_map(folder / "map.yaml")
    bare = import_files([source], folder / "bare.mcap")
    mapped = import_files([source], folder / "mapped.mcap", folder / "map.yaml")
    assert (mapped.samples, len(mapped.columns)) == (bare.samples, len(bare.columns))
    assert not [finding for finding in mapped.findings if finding.kind == "missing_tag"]
    return text


def _stamp(n: float) -> str:
    return str(np.datetime64("2026-03-01T08:00:00") + np.timedelta64(round(n * 1000), "ms"))


def test_what_is_seen_stands_in_the_map_and_what_is_guessed_is_a_comment(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    bits = (0.25 + 0.1 * np.sin(np.arange(200) / 9)).astype(np.float32).view(np.uint32)
    rows = ["time;tag;value;quality"]
    for n in range(200):
        t = _stamp(n * 0.5)
        rows += [
            f"{t};小车位置[mm];{rng.normal(1500, 3):.2f};192".replace(".", ",", 2).replace(",", ".", 1),
            f"{t};电机电流;{-999 if n % 40 == 3 else round(rng.normal(12, 1), 1)};192",
            f"{t};AX1_RAW;{bits[n]};192",
            f"{t};STATE;{('AUTO', 'HAND', 'AUTO', 'STOP')[n % 4]};192",
            f"{t};DI_WORD;{(1 << (n % 5)) | 32};0",
        ]
    source = tmp_path / "plant.csv"
    source.write_bytes(("\n".join(rows) + "\n").encode("gb18030"))
    text = _guess(source, tmp_path)
    assert 'unit: "mm"' in text and "# ? joint: cell.x" in text and "# ? joint_scale: 0.001" in text
    assert '# ? unit: "A"   # a current by its name' in text
    assert "# ? missing: [-999.0]   # stands 5 times" in text
    assert "read_as: float32_bits" in text and "from 0.15" in text
    assert '# 3 words: "AUTO" (100), "HAND" (50), "STOP" (50)' in text and "    type: enum" in text
    assert "# ? bits: {0: " in text
    assert "period_s: 0.5" in text and "The stamps name no zone" in text
    assert '"0": bad   # 200 samples' in text
    assert "looked at whole, 1000 samples of 5 tags" in text


def test_every_guess_holds_once_its_mark_is_removed(tmp_path: Path) -> None:
    rows = ["time,tag,value"]
    for n in range(100):
        rows += [f"{_stamp(n)},axis pos,{n * 0.1:.1f}", f"{_stamp(n)},level,{-999 if n == 50 else n % 7}"]
    (tmp_path / "log.csv").write_text("\n".join(rows) + "\n")
    text = write_map(look_at([tmp_path / "log.csv"]), ["log.csv"])
    (tmp_path / "map.yaml").write_text(text.replace("# ? logged: dead_band", "#").replace("# ? ", ""))
    tags = load_map(tmp_path / "map.yaml").tags
    assert tags["log/axis pos"].joint == "cell.x" and tags["log/axis pos"].joint_scale == 0.001
    assert tags["log/level"].missing == [-999.0]
    import_files([tmp_path / "log.csv"], tmp_path / "log.mcap", tmp_path / "map.yaml")
    assert np.isnan(Record.open(tmp_path / "log.mcap").signal("log.log.pv_level")[1][50])


def test_only_the_beginning_of_a_long_log_is_looked_at_and_that_is_said(tmp_path: Path) -> None:
    lines = "".join(f"2026-03-01T08:00:{n / 2000:09.6f}Z|X|{n}\n" for n in range(110_000))
    (tmp_path / "log.txt").write_text(lines)
    (look,) = look_at([tmp_path / "log.txt"], most_samples=1000)
    assert not look.complete and "its beginning only" in write_map([look], ["log.txt"])


_SHAPES = {
    "wide.csv": b"Zeit;Druck [bar];Ventil\n" + b"".join(b"01.03.2026 08:%02d:00;%d,5;1\n" % (n, n) for n in range(60)),
    "shdr.txt": b"".join(b"2026-03-01T08:00:%02dZ|X1|%d.5|mode|AUTO|Z|UNAVAILABLE\n" % (n, n) for n in range(60)),
    "dump.jsonl": b"".join(
        b'{"ts": %d, "topic": "a/b", "payload": {"p": %d.25, "s": "x"}}\n' % (1.7e12 + n, n) for n in range(60)
    ),
    "utf16.csv": "time\ttag\tvalue\n2026-03-01 08:00:00\t温度\t1\n2026-03-01 08:00:01\t温度\t2\n".encode("utf-16"),
    "packed.csv.gz": gzip.compress(b"time,tag,value\n2026-03-01 08:00:00,a,1\n2026-03-01 08:00:01,a,2\n"),
}  # fmt: skip


@pytest.mark.parametrize("name", _SHAPES)
def test_a_map_is_guessed_of_every_kind_of_log(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(_SHAPES[name])
    assert "\ntags:" in _guess(tmp_path / name, tmp_path)


_NAME = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\n\r,"), min_size=1, max_size=12)
_VALUE = st.sampled_from(["1", "-999", "2.5", "word", "true", "1e400", "=1+1"])


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(st.tuples(_NAME, st.sampled_from(["1", "-999", "2.5", "word", "true", "1e400", "=1+1"])), min_size=2)
)
def test_the_map_loads_and_imports_whatever_tags_are_called(rows: list[tuple[str, str]], tmp_path: Path) -> None:
    with (tmp_path / "log.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("time", "tag", "value"), *((_stamp(n), *row) for n, row in enumerate(rows))])
    _guess(tmp_path / "log.csv", tmp_path)


@pytest.mark.parametrize(
    ("name", "unit"),
    [("X [mm]", "mm"), ("油温（℃）", "℃"), ("P_kPa", "kpa"), ("temp_min", None), ("SOC(%)", "%"), ("a_b", None)],
)
def test_units_are_taken_from_brackets_and_ends(name: str, unit: str | None) -> None:
    assert unit_in(name) == unit


@needs_logs
@pytest.mark.parametrize("log", ["demo_cell", "okuma_lathe"])
def test_the_real_logs_are_guessed(log: str, tmp_path: Path) -> None:
    text = _guess(LOGS / log, tmp_path)
    if log == "demo_cell":
        assert text.count("read_as: float32_bits") == 3 and "-0.314502 to 0.321893" in text
