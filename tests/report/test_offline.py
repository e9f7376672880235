"""The page of one file, as bytes: what it holds, how large it is, and when it is not written."""

from __future__ import annotations

import base64
import gzip
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.playback.secret import PLATE, SECOND, SECRETS, write_secret
from tests.web.synthetic import write_record
from twin.errors import InputError
from twin.record import Record, RecordWriter
from twin.report import offline, write_incident, write_offline_page
from twin.report.offline import LARGEST_BYTES
from twin.shipped import shipped
from twin.signals import Signal, SignalTable


def _parts(page: Path) -> dict[str, bytes]:
    found = re.findall(r'<script type="application/gzip" data-part="(\w+)">([^<]*)</script>', page.read_text("utf-8"))
    return {name: gzip.decompress(base64.b64decode(text)) for name, text in found}


def test_the_page_holds_all_parts_and_the_licences_of_the_player(tmp_path: Path) -> None:
    record = Record.open(write_record(tmp_path / "log.mcap"))
    size = write_offline_page(record, SECOND, 3 * SECOND, tmp_path / "page.html", title="<b>Held & late</b>")
    assert size == (tmp_path / "page.html").stat().st_size < 3_000_000
    assert set(_parts(tmp_path / "page.html")) == {"manifest", "scene0", "poses", "signals", "notices"}
    assert b"vtk.js" in _parts(tmp_path / "page.html")["notices"]
    text = (tmp_path / "page.html").read_text("utf-8")
    assert "<title>&lt;b&gt;Held &amp; late&lt;/b&gt;</title>" in text
    assert "default-src &#39;none&#39;" in text
    assert not re.search(r"""(src|href)=["']?(https?:)?//""", text), "nothing is asked of a network"


def test_equal_stretches_give_equal_pages(tmp_path: Path) -> None:
    record = Record.open(write_record(tmp_path / "log.mcap"))
    for name in ("a.html", "b.html"):
        write_offline_page(record, SECOND, 3 * SECOND, tmp_path / name)
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()


def test_private_words_are_nowhere_in_the_page(tmp_path: Path) -> None:
    record = Record.open(write_secret(tmp_path))
    write_offline_page(record, 0, 6 * SECOND, tmp_path / "page.html", title=f"Incident of {PLATE}")
    everything = (tmp_path / "page.html").read_bytes() + b"".join(_parts(tmp_path / "page.html").values())
    for word in (*SECRETS, "pv_plate", "pv_driver"):
        assert word.encode() not in everything


def test_a_page_that_cannot_be_written_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    record = Record.open(write_record(tmp_path / "log.mcap"))
    page = tmp_path / "page.html"
    page.write_text("before")
    with pytest.raises(InputError, match="range"):
        write_offline_page(record, 3 * SECOND, SECOND, page)
    monkeypatch.setattr(offline, "LARGEST_BYTES", 100_000)
    with pytest.raises(InputError, match=r"at most 0\.1 MB"):
        write_offline_page(record, SECOND, 3 * SECOND, page)
    assert page.read_text() == "before"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["log.mcap", "page.html"]


def test_a_log_of_signals_alone_has_a_page(tmp_path: Path) -> None:
    table = SignalTable([Signal("oven.heater.pv_temperature_c")])
    with RecordWriter(tmp_path / "log.mcap", metadata={"source": "imported"}, tables={"oven": table}) as writer:
        writer.rows("oven", np.arange(600) * SECOND, np.linspace(20, 200, 600)[:, None])
    write_offline_page(Record.open(tmp_path / "log.mcap"), 0, 599 * SECOND, tmp_path / "page.html")
    assert set(_parts(tmp_path / "page.html")) == {"manifest", "poses", "signals", "notices"}


@pytest.mark.slow
def test_a_whole_swap_is_far_from_the_largest_page(tmp_path: Path) -> None:
    record = Record.open(shipped("assets", "recordings", "nominal_swap.mcap"))
    size = write_offline_page(record, record.start_ns, record.end_ns, tmp_path / "page.html")
    assert size < LARGEST_BYTES / 2
    assert write_offline_page(record, 80 * SECOND, 120 * SECOND, tmp_path / "page.html") < LARGEST_BYTES / 5


@pytest.mark.sim
@pytest.mark.slow
def test_a_page_of_a_stop_says_why_it_stopped(tmp_path: Path) -> None:
    run = [sys.executable, "-m", "twin.cli", "run", "pack_not_seated", "--out", str(tmp_path / "log.mcap")]
    subprocess.run(run, check=False, capture_output=True)
    record = Record.open(tmp_path / "log.mcap")

    def told(t0_s: int, t1_s: int) -> dict[str, Any]:
        write_incident(record, t0_s * SECOND, t1_s * SECOND, tmp_path / "page.html")
        extras: dict[str, Any] = json.loads(_parts(tmp_path / "page.html")["manifest"])["extras"]
        return extras

    assert told(120, 140)["why"]["causes"][0]["name"] == "not_seated"
    assert told(60, 70) == {}, "nothing stopped there"
