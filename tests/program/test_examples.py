"""The shipped examples in C and Python: compiled, talked to, equal to each other, and run."""

from __future__ import annotations

import shutil
import struct
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.control.fake_plant import SCAN_NS, io_list, settings
from twin.control import Controller
from twin.program import Program
from twin.program.check import check
from twin.program.stub import c_stub, python_stub
from twin.shipped import shipped
from twin.signals import Signal, SignalTable

COMPILERS = [name for name in ("cc", "c++") if shutil.which(name)]
needs_cc = pytest.mark.skipif("cc" not in COMPILERS, reason="needs a C compiler")
TABLE = io_list(2)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The examples with their stubs beside them."""
    folder = tmp_path_factory.mktemp("controllers")
    for lang in ("c", "python"):
        for path in shipped("assets", "controllers", lang).iterdir():
            shutil.copy(path, folder)
    (folder / "swaptwin_controller.h").write_text(c_stub("fake", TABLE), encoding="utf-8")
    (folder / "swaptwin_controller.py").write_text(python_stub("fake", TABLE), encoding="utf-8")
    return folder


def compiled(folder: Path, name: str, *sources: str, compiler: str = "cc") -> Program:
    strict = ["-Wall", "-Wextra", "-Werror"]
    words = ["-std=c99", "-pedantic"] if compiler == "cc" else ["-std=c++11", "-x", "c++"]
    command = [compiler, *words, *strict, *sources, "-lm", "-o", name]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return Program(f"process:{folder / name}")


def python(folder: Path) -> Program:
    return Program(f"process:{sys.executable} {folder / 'lift_guard.py'}")


def made(program: Program) -> Controller:
    return program.make(TABLE, settings(), SCAN_NS)


def answers(program: Program, scans: int = 200) -> np.ndarray:
    """What it writes while the drives come on and the lift sinks."""
    controller = made(program)
    inputs, outputs = controller.images()
    written = []
    for scan in range(scans):
        inputs.station.safety.st_drives_on = scan > 20
        inputs.shuttle.lift.pv_position_m = 0.1 + 1 / 3 - 1e-4 * max(0, scan - 50)
        controller.scan(scan * SCAN_NS, inputs, outputs)
        written.append(outputs.row())
    controller.close()
    return np.array(written)


@needs_cc
def test_c_and_python_say_the_same_to_the_last_bit(folder: Path) -> None:
    in_c = compiled(folder, "lift_guard", "lift_guard.c")
    one, other = answers(in_c), answers(python(folder))
    assert one.tobytes() == other.tobytes()
    controller = made(in_c)
    assert controller.alarm_classes == {"shuttle.lift.alm_creeps": "A2"}
    alarm = controller.images()[1].order.index("shuttle.lift.alm_creeps")
    # 5 mm below where it held: 51 scans after it began to sink.
    assert list(np.flatnonzero(np.diff(one[:, alarm]))) == [100]
    controller.close()


@needs_cc
def test_translated_structured_text_is_linked_as_it_came(folder: Path) -> None:
    assert "twin" not in (folder / "beacon_st.c").read_text(encoding="utf-8").replace("of the twin", "")
    controller = made(compiled(folder, "beacon", "beacon.c", "beacon_st.c"))
    inputs, outputs = controller.images()
    amber, red = [], []
    for scan in range(200):
        inputs.station.safety.st_drives_on = scan >= 150
        controller.scan(scan * SCAN_NS, inputs, outputs)
        amber.append(outputs.bay.entry_light.cmd_amber)
        red.append(outputs.bay.entry_light.cmd_red)
    controller.close()
    assert amber[25:27] == [True, True]
    assert not any(amber[:25]) and any(amber[27:150]) and not all(amber[27:150])
    # Its timer runs in virtual time: two seconds are a hundred scans, whatever the machine takes for them.
    assert red.index(True) == 100
    assert not any(amber[150:] + red[150:])


@pytest.mark.skipif("c++" not in COMPILERS, reason="needs a C++ compiler")
def test_the_header_is_cpp_too(folder: Path) -> None:
    found = check(compiled(folder, "guard_cpp", "lift_guard.c", compiler="c++"), TABLE, settings(), SCAN_NS)
    assert found.wrong == []


@needs_cc
def test_memory_is_saved_and_taken_back(folder: Path) -> None:
    found = check(compiled(folder, "lift_guard", "lift_guard.c"), TABLE, settings(), SCAN_NS)
    assert found.wrong == []
    assert "it gives its memory, and goes on from it in the same way" in found.told


@needs_cc
def test_a_stub_of_another_station_is_refused(folder: Path) -> None:
    program = compiled(folder, "lift_guard", "lift_guard.c")
    found = check(program, type(TABLE)(s for s in TABLE if s.name != "shuttle.lift.cmd_move"), settings(), SCAN_NS)
    assert any("the station has no output shuttle.lift.cmd_move" in line for line in found.wrong)


AWKWARD = SignalTable(
    [
        Signal("double.register.pv_m", unit="m", text={"en": "a comment's end */ and\na second line"}),
        Signal("double.register.st_on", "bool"),
        Signal(
            "lambda.class.op_mode",
            "enum",
            labels={1: "by hand", 2: "自动", -1: "semi-auto", 3: "semi auto", 4: "手动"},
            text={"en": "*/ ends"},
        ),
        Signal("double.register.sp_m"),
        Signal("while.def.seq_step", "enum", labels={0: "a/b"}),
    ]
)
ECHO_C = """
#define SWAPTWIN_MAIN
#include "swaptwin_controller.h"
static void scan(int64_t t_ns) {
    (void)t_ns;
    swaptwin_out.double_.register_.sp_m = swaptwin_in.double_.register_.pv_m;
    swaptwin_out.while_.def.seq_step = swaptwin_in.lambda.class_.op_mode;
}
int main(void) { return swaptwin_main(scan); }
"""
ECHO_PYTHON = """
from swaptwin_controller import serve
def scan(t_ns, inputs, outputs):
    outputs.double.register.sp_m = inputs.double.register.pv_m
    getattr(outputs, "while_").def_.seq_step = inputs.lambda_.class_.op_mode
serve(scan)
"""


@pytest.mark.parametrize("lang", [pytest.param("c", marks=needs_cc), "python"])
def test_names_that_a_language_keeps_to_itself(tmp_path: Path, lang: str) -> None:
    if lang == "c":
        (tmp_path / "swaptwin_controller.h").write_text(c_stub("awkward", AWKWARD), encoding="utf-8")
        (tmp_path / "echo.c").write_text(ECHO_C, encoding="utf-8")
        program = compiled(tmp_path, "echo", "echo.c")
    else:
        (tmp_path / "swaptwin_controller.py").write_text(python_stub("awkward", AWKWARD), encoding="utf-8")
        (tmp_path / "echo.py").write_text(ECHO_PYTHON, encoding="utf-8")
        program = Program(f"process:{sys.executable} {tmp_path / 'echo.py'}")
    controller = program.make(AWKWARD, settings(), SCAN_NS)
    inputs, outputs = controller.images()
    for value in (1e-320, -0.0, 1 / 3, 1.7e308, 0.0):
        inputs.set("double.register.pv_m", value)
        inputs.set("lambda.class.op_mode", -1)
        controller.scan(0, inputs, outputs)
        assert struct.pack("d", outputs.get("double.register.sp_m")) == struct.pack("d", value)
        assert outputs.get("while.def.seq_step") == -1
    controller.close()


def test_what_check_finds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "odd.py").write_text(ODD, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    found = check(Program("odd:Odd"), TABLE, settings(), SCAN_NS)
    assert found.wrong == [
        "shuttle.lift.alm_slow has no alarm class",
        "shuttle.lift.alm_fast has alarm class 'E', not one of A1, A2, B, C, D",
        "from the memory it gave, shuttle.lift.sp_position_m becomes 200; it was 100 the first time",
    ]
    assert "printed, the last of it: hello" in found.told


ODD = """
from twin.control import Controller
from twin.signals import Signal, SignalTable

class Odd(Controller):
    alarm_classes = {"shuttle.lift.alm_fast": "E"}
    scans = 0

    @property
    def signals(self):
        return SignalTable([Signal("shuttle.lift.alm_slow", "bool"), Signal("shuttle.lift.alm_fast", "bool")])

    def scan(self, t_ns, inputs, outputs):
        self.scans += 1
        outputs.shuttle.lift.sp_position_m = float(self.scans)
        if t_ns == 0:
            print("hello")

    def state(self):
        return {"not": "all of it"}
"""


@pytest.mark.slow
@pytest.mark.sim
@needs_cc
def test_the_stub_and_what_its_head_says_run_to_a_verdict(tmp_path: Path) -> None:
    """As a person does it: the stub, the program of its own first lines, a compiler, a run."""

    def swaptwin(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "twin.cli", *words]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=300)

    assert swaptwin("controller", "stub", "--lang", "c", "--out", "swaptwin_controller.h").returncode == 0
    head = (tmp_path / "swaptwin_controller.h").read_text(encoding="utf-8").splitlines()[:13]
    code = [line.removeprefix(" *     ") for line in head if line.startswith(" *     ")]
    (tmp_path / "mine.c").write_text("\n".join([*code, ""]), encoding="utf-8")
    subprocess.run(["cc", "mine.c", "-lm", "-o", "mine"], cwd=tmp_path, check=True)
    checked = swaptwin("controller", "check", "process:./mine")
    assert checked.returncode == 0, checked.stdout + checked.stderr
    done = swaptwin(
        "run", "nominal_swap", "--controller", "process:./mine", "--set", "time_limit_s=3", "--out", "a.mcap"
    )
    assert done.returncode == 1, done.stderr
    assert "did not complete" in done.stdout
    assert (tmp_path / "a.mcap").is_file()
