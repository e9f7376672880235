"""A controller's digest: it changes with what the controller is made of, and with nothing else."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from twin.program import OWN, Program
from twin.validation.digest import program_digest


@pytest.fixture
def plant(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package ``plant_a`` whose module ``plc`` imports ``plant_a.parts.locks`` and not ``plant_a.other``."""
    monkeypatch.chdir(tmp_path)
    files = {
        "__init__.py": "raise RuntimeError('not to be imported')\n",
        "plc.py": "from plant_a.parts import locks\nfrom . import timers\n",
        "timers.py": "",
        "other.py": "",
        "parts/__init__.py": "",
        "parts/locks.py": "",
    }
    for name, text in files.items():
        path = tmp_path / "plant_a" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path / "plant_a"


@pytest.mark.parametrize(
    ("name", "matters"),
    [("plc.py", True), ("timers.py", True), ("parts/locks.py", True), ("other.py", False)],
)
def test_what_it_imports_of_its_own_package_matters(plant: Path, name: str, matters: bool) -> None:
    program = Program("plant_a.plc:Controller")
    before = program_digest(program)
    with (plant / name).open("a", encoding="utf-8") as file:
        file.write("# changed\n")
    assert (program_digest(program) != before) == matters
    assert "plant_a" not in sys.modules


def test_a_folder_that_is_a_package_without_saying_so_is_looked_into(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    module = tmp_path / "line_b" / "changes" / "plc.py"
    module.parent.mkdir(parents=True)
    module.write_text("LIMIT = 1\n", encoding="utf-8")
    program = Program("line_b.changes.plc:Controller")
    before = program_digest(program)
    module.write_text("LIMIT = 2\n", encoding="utf-8")
    assert program_digest(program) != before


def test_settings_matter_and_their_order_does_not() -> None:
    one = Program("", {"shuttle.seat_gap_m": 0.04, "timeouts.lock_s": 8})
    same = Program("", {"timeouts.lock_s": 8, "shuttle.seat_gap_m": 0.04})
    other = Program("", {"shuttle.seat_gap_m": 0.05, "timeouts.lock_s": 8})
    assert program_digest(one) == program_digest(same) != program_digest(other)
    assert program_digest(Program()) == program_digest(Program(OWN)) != program_digest(one)


def test_the_files_of_a_command_matter(tmp_path: Path) -> None:
    path = tmp_path / "plc.out"
    path.write_bytes(b"1")
    program = Program(f"process:{path} --fast")
    before = program_digest(program)
    path.write_bytes(b"2")
    assert program_digest(program) != before
