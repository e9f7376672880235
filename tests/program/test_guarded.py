"""A controller in a process of its own: the same numbers as in this one, and a verdict for each harm it can do."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.control.fake_plant import SCAN_NS, FakePlant, Truck, io_list, settings
from twin.control import Controller
from twin.errors import CONTROLLER_REASONS, ControllerError, InputError
from twin.program import Limits, Program
from twin.program.process import check_guarded, guarded
from twin.signals import Image
from twin.vitals import resident_bytes


def drive(controller: Controller, scans: int) -> None:
    inputs, outputs = controller.images()
    for scan in range(scans):
        controller.scan(scan * SCAN_NS, inputs, outputs)


@pytest.mark.parametrize(
    ("kind", "reason", "told"),
    [
        ("Raises", "raised", r"raised ZeroDivisionError: my mistake \(harmful.py:\d+\) at 0\.500 s"),
        ("Hangs", "hangs", r"no answer within 0\.5 s of wall time at 0\.500 s"),
        ("Ends", "ended", r"ended by itself, exit code 7, at 0\.500 s: out of coffee"),
        ("Leaks", "leaks", r"leaks memory: \d+ MB when it was ready, \d+ MB at \d+\.\d+ s"),
        ("Prints", "prints", r"prints without end: more than 4 MB at \d+\.\d+ s"),
        ("AnswersNothing", "not a number", r"wrote nan to shuttle.lift.sp_speed_m_s, not a number at 0\.500 s"),
        ("AnswersAWord", "not a number", r"wrote 'fast' to shuttle.lift.sp_speed_m_s, not a number at 0\.500 s"),
    ],
)
def test_harm_is_a_verdict(kind: str, reason: str, told: str) -> None:
    # A busy machine may take its time over the others.
    limits = Limits(answer_s=0.5 if kind == "Hangs" else 20.0, growth_bytes=50 * 2**20, printed_bytes=4 * 2**20)
    controller = guarded(f"tests.program.harmful:{kind}", io_list(2), settings(), SCAN_NS, limits=limits)
    begun_s = time.monotonic()
    with pytest.raises(ControllerError, match=told) as caught:
        drive(controller, 50_000)
    assert caught.value.reason == reason
    assert reason in CONTROLLER_REASONS
    assert time.monotonic() - begun_s < 30
    assert controller.child.ended
    controller.close()


def test_the_same_numbers_as_in_this_process() -> None:
    """A whole swap of the fake plant, both controllers on the same inputs, equal to the last bit; then memory too."""
    plant = FakePlant([Truck()])
    twin = Program(guarded=True).make(plant.table, plant.settings, SCAN_NS)
    assert twin.signals.names == plant.controller.signals.names
    assert twin.signals.to_list() == plant.controller.signals.to_list()
    assert twin.alarm_classes == plant.controller.alarm_classes
    assert twin.transitions == plant.controller.transitions
    mirrored = Image(plant.outputs.table)
    for _ in range(1_200):
        plant.scan()
        twin.scan(plant.t_ns - SCAN_NS, plant.inputs, mirrored)
        assert mirrored.row() == plant.outputs.row()
    assert "Execute" in plant.states
    twin.close()
    assert twin.child.ended


def test_memory_is_given_and_taken_back() -> None:
    plant = FakePlant([Truck()])
    first = Program(guarded=True).make(plant.table, plant.settings, SCAN_NS)
    mirrored = Image(plant.outputs.table)
    for _ in range(600):
        plant.scan()
        first.scan(plant.t_ns - SCAN_NS, plant.inputs, mirrored)
    second = Program(guarded=True).make(plant.table, plant.settings, SCAN_NS)
    second.restore(first.state())
    first.close()
    for _ in range(300):
        plant.scan()
        second.scan(plant.t_ns - SCAN_NS, plant.inputs, mirrored)
        assert mirrored.row() == plant.outputs.row()
    second.close()


@pytest.mark.parametrize(
    ("spec", "told"),
    [
        ("tests.stub.controllers:NotOne", r"a subclass of twin\.control\.Controller"),
        ("nowhere:Thing", "a module on the path"),
    ],
)
def test_what_is_not_there_is_told_as_in_this_process(spec: str, told: str) -> None:
    with pytest.raises(InputError, match=told):
        Program.from_words(spec, guarded=True)
    with pytest.raises(ControllerError, match=told):
        Program(spec, guarded=True).make(io_list(2), settings(), SCAN_NS)


@pytest.mark.parametrize(
    ("code", "reason", "told"),
    [
        ("1 / 0", "", "cannot be imported: ZeroDivisionError"),
        ("import os; print('bye'); os._exit(3)", "ended", "ended by itself, exit code 3, while it was imported: bye"),
        ("while True: pass", "hangs", r"hangs: no answer within 0\.5 s of wall time while it was imported"),
        ("kept = [b'x' * 10**7 for _ in range(10**6)]", "leaks", r"leaks memory: \d+ MB while it was imported"),
        ("while True: print('x' * 10**6)", "prints", "prints without end: more than 4 MB while it was imported"),
    ],
)
def test_harm_at_import_is_a_verdict_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str, reason: str, told: str
) -> None:
    (tmp_path / "harmful_import.py").write_text(code + "\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    limits = Limits(start_s=0.5 if reason == "hangs" else 20.0, start_bytes=80 * 2**20, printed_bytes=4 * 2**20)
    with pytest.raises(ControllerError, match=told) as caught:
        check_guarded("harmful_import:Mine", limits)
    assert caught.value.reason == reason


def test_a_setting_that_is_none_is_told_as_in_this_process() -> None:
    with pytest.raises(InputError, match=r"controller\.nothing: expected one of"):
        Program("", {"nothing": 1}, guarded=True).make(io_list(2), settings(), SCAN_NS)


@pytest.mark.slow
def test_a_controller_that_hangs_does_not_outlive_who_started_it() -> None:
    code = (
        "import os\n"
        "from tests.program.test_guarded import *\n"
        "made = guarded('tests.program.harmful:Hangs', io_list(2), settings(), SCAN_NS)\n"
        "print(made.child._process.pid, flush=True)\n"
        "made.child._write('outputs\\nscan 900000000\\n')\n"
        "os._exit(0)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    deadline_s = time.monotonic() + 20
    while resident_bytes(int(done.stdout)):
        assert time.monotonic() < deadline_s
        time.sleep(0.1)


def test_it_takes_up_work_as_in_this_process() -> None:
    plant = FakePlant([Truck()])
    for _ in range(700):
        plant.scan()
    taken = []
    for program in (Program(), Program(guarded=True)):
        controller = program.make(plant.table, plant.settings, SCAN_NS)
        inputs, outputs = controller.images()
        for image, source in ((inputs, plant.inputs), (outputs, plant.outputs)):
            for name in image.order:
                image.set(name, source.get(name))
        said = [controller.take_up(inputs, outputs)]
        rows = []
        for scan in range(100):
            controller.scan(plant.t_ns + scan * SCAN_NS, inputs, outputs)
            rows.append(outputs.row())
        controller.close()
        taken.append((said, rows))
    assert taken[0][0] == [True]
    assert taken[0] == taken[1]


@pytest.mark.parametrize(("spec", "takes_up"), [("", True), ("tests.program.harmful:Raises", False)])
def test_whether_it_takes_up_at_all_is_known_before(spec: str, takes_up: bool) -> None:
    for guard in (False, True):
        controller = Program(spec, guarded=guard).make(io_list(2), settings(), SCAN_NS)
        assert controller.takes_up is takes_up
        assert takes_up or not controller.take_up(*controller.images())
        controller.close()


@pytest.mark.slow
@pytest.mark.sim
def test_a_run_is_the_same_bit_for_bit() -> None:
    from twin.run import Run
    from twin.scenario import load_scenario

    digests = []
    for program in (Program(), Program(guarded=True)):
        with Run(load_scenario("nominal_swap", ["time_limit_s=12"]), controller=program, out=None) as run:
            while run.scan():
                pass
            digests.append(run.finish()["trace_digest"])
    assert digests[0] == digests[1]
