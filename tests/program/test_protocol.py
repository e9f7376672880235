"""The protocol's words, and the talk that its page shows, held with the program that its page shows."""

from __future__ import annotations

import re
import struct
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.control.fake_plant import SCAN_NS, io_list, settings
from twin.errors import ControllerError, InputError
from twin.program.child import Limits
from twin.program.process import ProcessController
from twin.program.wire import Levels, WireError, declaration, declared
from twin.signals import Image, Signal, SignalTable

PAGE = Path(__file__).parents[2] / "docs" / "controller-protocol.md"
TABLE = SignalTable(
    [
        Signal("a.b.sp_m", unit="m"),
        Signal("a.b.cmd_go", "bool"),
        Signal("c.d.seq_n", "int"),
        Signal("a.b.sp_s", labels={}, text={"en": "of the same device, later", "zh": "后"}),
        Signal("c.d.seq_step", "enum", labels={1: "one step", 2: "二"}),
    ]
)
VALUES = st.tuples(
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.integers(-(2**53), 2**53),
    st.floats(allow_nan=False, allow_infinity=False),
    st.integers(0, 3),
)


def bits(values: list[float]) -> bytes:
    return struct.pack(f"{len(values)}d", *values)


@given(st.lists(VALUES, min_size=1, max_size=6))
def test_what_is_told_is_what_is_there_to_the_last_bit(rows: list[tuple[float, ...]]) -> None:
    here, there = Image(TABLE), Image(TABLE)
    teller, taker = Levels(here, TABLE.names), Levels(there, TABLE.names)
    for n, row in enumerate(rows):
        for name, value in zip(TABLE.names, row, strict=True):
            here.set(name, value)
        taker.take((teller.all() if n == 0 else teller.changes()).split())
        assert bits(there.row()) == bits(here.row())
        assert [type(value) for value in there.row()] == [type(value) for value in here.row()]
    assert teller.changes() == ""


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("0 nan", "wrote nan to a.b.sp_m, not a number"),
        ("0 -inf", "wrote -inf to a.b.sp_m, not a number"),
        ("1 2", "wrote 2 to a.b.cmd_go, not a bool"),
        ("2 0.5", "wrote 0.5 to c.d.seq_n, not a int"),
        ("0 fast", "wrote fast to a.b.sp_m, not a number"),
        ("5 1", "signal number '5'; there are 0 to 4"),
        ("0 1 2", "a signal's number without a value"),
    ],
)
def test_what_is_no_value_is_named(words: str, told: str) -> None:
    with pytest.raises(WireError, match=re.escape(told)):
        Levels(Image(TABLE), TABLE.names).take(words.split())


def test_a_declaration_says_the_whole_signal() -> None:
    for signal in TABLE:
        word, _, rest = declared("output", signal).partition(" ")
        assert (word, declaration(rest)) == ("output", signal)
    assert declaration("a.b.alm_x bool 0") == Signal("a.b.alm_x", "bool")


@pytest.mark.parametrize("rest", ["a.b.alm_x", "a.b.alm_x boolean 0", "a.b.alm_x bool no", "a.b.alm_x bool 0 {"])
def test_a_declaration_that_is_none(rest: str) -> None:
    with pytest.raises(WireError):
        declaration(rest)


def test_the_talk_on_the_page(tmp_path: Path) -> None:
    page = PAGE.read_text(encoding="utf-8")
    talk = re.search(r"```transcript\n(.*?)```", page, re.DOTALL)
    program = re.search(r"```python\n(import os.*?)```", page, re.DOTALL)
    assert talk and program
    lines = talk[1].splitlines()
    (tmp_path / "mine.py").write_text(program[1], encoding="utf-8")
    said = "".join(line[2:] + "\n" for line in lines if line.startswith("> "))
    done = subprocess.run(
        [sys.executable, str(tmp_path / "mine.py")], input=said, capture_output=True, text=True, timeout=30, check=True
    )
    assert done.stdout.splitlines() == [line[2:] for line in lines if line.startswith("< ")]


def test_the_page_tells_the_limits() -> None:
    page = PAGE.read_text(encoding="utf-8")
    limits = Limits()
    for words in (
        f"{limits.answer_s:g} s of wall time ({limits.start_s:g} s until `ready`)",
        f"{limits.growth_bytes >> 20} MB more than when it was ready",
        f"standard error without end | {limits.printed_bytes >> 20} MB",
    ):
        assert words in page


def speaks(lines: str) -> list[str]:
    """A process that says these lines once it was told all."""
    code = f"""
import sys
for line in sys.stdin:
    if line == "begin\\n":
        sys.stdout.write({lines!r})
        sys.stdout.flush()
"""
    return [sys.executable, "-c", code]


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ("hello\n", "answered 'hello' instead of swaptwin 1"),
        ("swaptwin 2\n", "answered 'swaptwin 2' instead of swaptwin 1"),
        ("fail wants version 2\n", "wants version 2 while it was starting"),
        ("swaptwin 1\nsignal a.b.alm_x boolean 0\n", "expected NAME TYPE SAFE"),
        ("swaptwin 1\nsignal alm_x bool 0\n", "expected area.device.kind_quantity"),
        ("swaptwin 1\nsignal shuttle.lift.cmd_move bool 0\nready\n", "declares shuttle.lift.cmd_move, which"),
        ("swaptwin 1\nalarm_class a.b.alm_x\n", "answered 'alarm_class a.b.alm_x' instead of"),
        ("swaptwin 1\ncan fly\n", "answered 'can fly' instead of"),
        ("swaptwin 1\ntransitions a {\n", "answered 'transitions a {' instead of"),
    ],
)
def test_one_that_does_not_get_acquainted(lines: str, told: str) -> None:
    with pytest.raises(ControllerError, match=re.escape(told)):
        ProcessController(io_list(2), settings(), SCAN_NS, command=speaks(lines), name="mine")


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ("done 20\n", "answered 'done 20' instead of done 0 …"),
        ("thinking …\n", "instead of done 0 …"),
        ("done 0 999 1\n", "told signal number '999'"),
        ("fail ran out of steam\n", "ran out of steam at 0.000 s"),
    ],
)
def test_an_answer_that_is_none(answer: str, told: str) -> None:
    controller = ProcessController(
        io_list(2), settings(), SCAN_NS, command=speaks(f"swaptwin 1\nready\n{answer}"), name="mine"
    )
    with pytest.raises(ControllerError, match=re.escape(told)):
        controller.scan(0, *controller.images())
    assert controller.child.ended


def test_settings_have_dotted_paths() -> None:
    made = settings()
    dotted = made.dotted()
    assert dotted["shuttle.take_load_n"] == made.shuttle.take_load_n
    assert "slots.rack.slot1.x_m" in dotted
    assert type(made).from_dotted(dotted) == made
    with pytest.raises(InputError, match=r"shuttle\.nothing"):
        type(made).from_dotted({**dotted, "shuttle.nothing": 1.0})
