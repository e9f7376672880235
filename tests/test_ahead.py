"""Work done a little ahead in a thread."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from twin.ahead import ahead


def test_every_item_comes_in_order() -> None:
    assert list(ahead(range(1000), 3)) == list(range(1000))
    assert list(ahead([])) == []


def test_what_raises_over_there_is_raised_after_the_items_before_it() -> None:
    def items() -> Iterator[int]:
        yield 1
        yield 2
        raise ValueError("three")

    taken: list[int] = []
    with pytest.raises(ValueError, match="three"):
        taken.extend(ahead(items()))
    assert taken == [1, 2]


def test_the_thread_ends_when_nobody_takes_any_more() -> None:
    before = threading.active_count()
    stream = ahead(iter(int, 1))
    assert next(stream) == 0
    stream.close()
    assert threading.active_count() == before


_ABANDONS = """
import builtins, io, sys
from pathlib import Path
from twin.ahead import ahead
from twin.errors import InputError
from twin.importing import import_files
from twin.source.csv_file import CsvFile

log, out = Path(sys.argv[1]), Path(sys.argv[2])

def stop(count):
    raise InputError(key="source", expected="patience", got=count)

for n in range(50):
    try:
        import_files([log], out, progress=stop)
    except InputError:
        continue
    raise SystemExit("not abandoned")

def again():
    while True:
        yield from CsvFile(io.BytesIO(log.read_bytes()), "log").batches()

# Held by what goes last when the interpreter ends.
builtins.left = [ahead(again(), 3) for _ in range(10)]
for stream in builtins.left:
    next(stream)
"""


@pytest.mark.slow
def test_imports_that_are_abandoned_in_the_middle_do_not_take_the_interpreter_down(tmp_path: Path) -> None:
    log = tmp_path / "log.csv"
    lines = [f"2026-03-01T12:{n // 60 % 60:02}:{n % 60:02}Z,a{n % 9},{n}" for n in range(36_000)]
    log.write_text("time,tag,value\n" + "\n".join(lines) + "\n")
    command = [sys.executable, "-c", _ABANDONS, str(log), str(tmp_path / "log.mcap")]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert [path.name for path in tmp_path.iterdir()] == ["log.csv"]
