"""`swaptwin validate` on the shipped recording, which needs no physics where outputs are the same."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from tests.recorded import recorded
from tests.validation.controllers import PermitsAlways, SlowHands, WrittenAnew
from twin.cli import app
from twin.cli.validate import _spread
from twin.record import Record
from twin.shipped import shipped
from twin.validation.approval import load_approvals
from twin.validation.result import Result, load_result
from twin.validation.words import KINDS, VERDICTS
from twin.validation.work import unjudged

LOG = str(shipped("assets", "recordings", "nominal_swap.mcap"))
ANEW = f"{WrittenAnew.__module__}:{WrittenAnew.__name__}"
FASTER = "controller.shuttle.lift.fast_m_s=0.04"


@pytest.fixture(autouse=True)
def _cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SWAPTWIN_CACHE", str(tmp_path / "cache"))


def _validate(tmp_path: Path, *words: str, code: int) -> tuple[Result, str]:
    path = tmp_path / "result.json"
    done = CliRunner().invoke(app, ["validate", *words, "--json", str(path)])
    assert done.exit_code == code, done.output
    return load_result(path), done.output


def test_several_words_of_an_option() -> None:
    words = "--logs a b c --mode open --scenarios x --logs d --set a=1 --jobs 2"
    spread = "--logs a --logs b --logs c --mode open --scenarios x --logs d --set a=1 --jobs 2"
    assert _spread(words.split()) == spread.split()


@pytest.mark.slow
def test_a_controller_written_anew_meets_no_objection_and_nothing_is_played(tmp_path: Path) -> None:
    result, output = _validate(tmp_path, "--controller", ANEW, "--logs", LOG, code=0)
    assert [(one.mode, one.status, one.identical, one.simulated) for one in result.cases] == [
        ("open", "judged", True, False),
        ("closed", "judged", True, False),
    ]
    assert not result.findings
    assert result.coverage.exercised("step")[0] > 50
    # What the verdict is worth stands above it.
    assert output.index("never exercised") < output.index(VERDICTS["no_objection"].en)
    assert any("no effect, or was not reached" in one.en for one in result.why)


@pytest.mark.slow
def test_an_interlock_that_permits_what_it_must_not_is_found_without_physics(tmp_path: Path) -> None:
    spec = f"{PermitsAlways.__module__}:{PermitsAlways.__name__}"
    result, _ = _validate(tmp_path, "--controller", spec, "--logs", LOG, "--mode", "open", code=1)
    wrong = [one for one in result.findings if one.wrong]
    assert {one.key for one in wrong} == {"rule:unlock_permitted"}
    assert wrong[0].severity == "safety" and not wrong[0].before
    assert "shuttle.lock_driver.ilk_unlock" in wrong[0].signals


@pytest.mark.slow
def test_a_difference_is_an_objection_until_it_is_approved(tmp_path: Path) -> None:
    words = ["--set", FASTER, "--logs", LOG, "--mode", "open"]
    result, _ = _validate(tmp_path, *words, code=1)
    (finding,) = [one for one in result.findings if not one.follows]
    assert (finding.key, finding.kind) == ("open:shuttle.lift.sp_speed_m_s:value", "difference")
    assert result.cases[0].effects == ("shuttle.lift.fast_m_s",)
    assert result.cases[0].stretches[0].horizon_ns is not None

    approvals = tmp_path / "approvals.yaml"
    words_of_approval = ["approve", str(tmp_path / "result.json"), "open:*", "--into", str(approvals)]
    done = CliRunner().invoke(app, [*words_of_approval, "--reason", "slower on purpose", "--by", "Li Wei"])
    assert done.exit_code == 0, done.output
    assert [one.by for one in load_approvals(approvals).approvals] == ["Li Wei"]
    result, output = _validate(tmp_path, *words, "--approve", str(approvals), code=0)
    assert "slower on purpose" in output
    assert all(one.approved for one in result.findings)

    # It was given for this change alone.
    other = [FASTER.replace("0.04", "0.03") if word == FASTER else word for word in words]
    result, output = _validate(tmp_path, *other, "--approve", str(approvals), code=1)
    assert [one.what for one in result.stale] == ["open:*"]
    assert "STALE" in output


@pytest.mark.slow
def test_a_stale_approval_alone_is_an_error(tmp_path: Path) -> None:
    result, _ = _validate(tmp_path, "--controller", ANEW, "--logs", LOG, "--mode", "open", code=0)
    approvals = tmp_path / "approvals.yaml"
    text = f"approvals: [{{key: 'open:gone', reason: x, by: y, date: '2026-11-22', program: {result.program.digest}}}]"
    approvals.write_text(text, encoding="utf-8")
    words = ["--controller", ANEW, "--logs", LOG, "--mode", "open", "--approve", str(approvals)]
    result, output = _validate(tmp_path, *words, code=2)
    assert "open:gone: its finding does not occur" in output


@pytest.mark.slow
def test_a_setting_that_nothing_reaches_is_not_enough_evidence(tmp_path: Path) -> None:
    words = ["--set", "controller.timeouts.lock_s=9", "--set", FASTER, "--logs", LOG, "--mode", "open"]
    result, _ = _validate(tmp_path, *words, code=1)
    assert [one.en.split()[2] for one in result.untested] == ["timeouts.lock_s"]
    words = ["--set", "controller.timeouts.lock_s=9", "--logs", LOG, "--mode", "open"]
    result, output = _validate(tmp_path, *words, code=3)
    assert result.cases[0].identical and "timeouts.lock_s" in output


@pytest.mark.slow
def test_an_unreadable_log_is_named_and_the_rest_is_judged(tmp_path: Path) -> None:
    broken = tmp_path / "broken.csv"
    broken.write_bytes(b"\x00\x01\x02")
    result, output = _validate(tmp_path, "--controller", ANEW, "--logs", str(broken), LOG, "--mode", "open", code=3)
    assert [(one.name, one.status) for one in result.cases] == [("broken", "unreadable"), ("nominal_swap", "judged")]
    assert [one.what for one in result.troubles] == [str(broken)]
    assert "broken" in output


@pytest.mark.slow
def test_a_controller_that_answers_no_number_has_a_verdict(tmp_path: Path) -> None:
    words = ["--controller", ANEW.replace("WrittenAnew", "NoNumber"), "--logs", LOG, "--mode", "open"]
    result, _ = _validate(tmp_path, *words, code=1)
    (finding,) = [one for one in result.findings if one.kind == "verdict"]
    assert "sp_speed_m_s" in finding.text.en and "30.0" in finding.text.en


STOP = """
text: {en: "An emergency stop while jogging", zh: 点动时急停}
time_limit_s: 6
inventory:
  transfer.full: {serial: QJ75-0001, soc_frac: 1.0}
truck: {arrive_s: 80000}
events:
  - at: {time_s: 0.5}
    do: {operator: {set: {op_mode: manual}}}
  - at: {time_s: 1}
    do: {operator: {set: {op_jog_axis: shuttle.travel, op_jog_speed_frac: -1.0}, hold_s: 3}}
  - at: {time_s: 2}
    do: {press_estop: {}}
"""


@pytest.mark.slow
@pytest.mark.sim
def test_a_broken_interlock_is_wrong_and_shown_where_it_is(tmp_path: Path) -> None:
    scenario = tmp_path / "stop.yaml"
    scenario.write_text(STOP, encoding="utf-8")
    keeps = ANEW.replace("WrittenAnew", "KeepsPower")
    words = ["--controller", keeps, "--scenarios", str(scenario)]
    result, output = _validate(tmp_path, *words, code=1)
    (finding,) = [one for one in result.findings if one.key == "rule:estop_cuts_drives" and one.mode == "closed"]
    assert (finding.kind, finding.severity, finding.before) == ("violation", "safety", False)
    assert finding.t_ns is not None and abs(finding.t_ns - 2_500_000_000) <= 40_000_000
    assert "station.safety.cmd_drives_on" in finding.signals
    assert finding.record is not None and Record.open(Path(finding.record)).end_ns > finding.t_ns
    assert KINDS["violation"].en in output

    # A broken rule cannot be approved.
    done = CliRunner().invoke(
        app,
        ["approve", str(tmp_path / "result.json"), finding.key, "--into", str(tmp_path / "a.yaml"), "--reason", "x",
         "--by", "y"],
    )  # fmt: skip
    assert done.exit_code == 2 and not (tmp_path / "a.yaml").exists()

    # What OLD breaks as well is told, and is not what the change brought.
    result, _ = _validate(tmp_path, *words, "--baseline", keeps, code=0)
    assert {one.key for one in result.findings if one.before} >= {"rule:estop_cuts_drives"}

    # One that fails has a verdict, and the others' results stay.
    raises = ANEW.replace("WrittenAnew", "Raises")
    result, output = _validate(tmp_path, "--controller", raises, "--scenarios", str(scenario), code=1)
    told = [one.text.en for one in result.findings if one.kind == "verdict"]
    assert len(told) == 2 and all("ZeroDivisionError" in text for text in told)
    assert KINDS["verdict"].en in output


@pytest.mark.slow
@pytest.mark.sim
def test_a_simulated_log_that_old_does_not_reproduce_is_matched_as_any_other(tmp_path: Path) -> None:
    from twin.program import Program

    log = tmp_path / "log.mcap"
    slow = Program(f"{SlowHands.__module__}:{SlowHands.__name__}")
    recorded(log, "nominal_swap", "time_limit_s=60", controller=slow)
    words = ["--set", FASTER, "--logs", str(log), "--mode", "closed", "--json", str(tmp_path / "result.json")]
    CliRunner().invoke(app, ["validate", *words])
    (case,) = load_result(tmp_path / "result.json").cases
    assert case.match is not None, "how well OLD reproduces the log is told"
    assert case.match.with_program == "station's own"
    assert not all(row.error == 0.0 for row in case.match.rows)


def test_a_file_that_cannot_be_written_takes_nothing_with_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Done:
        def run(self, function: Any, tasks: Any) -> Iterator[Any]:
            # What was a place at the start is none at the end.
            (tmp_path / "result.json").mkdir()
            yield 0, [unjudged(tasks[0], "open", "too short", "太短")]

    monkeypatch.setattr("twin.cli.validate._pool", lambda jobs, cluster: Done())
    words = ["validate", "--controller", ANEW, "--logs", LOG, "--mode", "open", "--json", str(tmp_path / "result.json")]
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 2, done.output
    assert VERDICTS["not_enough_evidence"].en in done.output
    assert "one that can be written" in " ".join(done.output.split())


def test_an_interrupt_keeps_what_is_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Interrupted:
        def run(self, function: Any, tasks: Any) -> Iterator[Any]:
            yield 0, [unjudged(tasks[0], "open", "too short", "太短")]
            raise KeyboardInterrupt

    monkeypatch.setattr("twin.cli.validate._pool", lambda jobs, cluster: Interrupted())
    result, output = _validate(tmp_path, "--controller", ANEW, "--logs", LOG, "--scenarios", "lock_stuck", code=3)
    assert result.stopped and [one.name for one in result.cases] == ["nominal_swap"]
    assert "stopped" in output


@pytest.mark.slow
def test_a_controller_that_cannot_be_made_has_a_verdict(tmp_path: Path) -> None:
    words = ["--controller", ANEW.replace("WrittenAnew", "CannotBeMade"), "--logs", LOG, "--mode", "open"]
    result, _ = _validate(tmp_path, *words, code=1)
    (finding,) = result.findings
    assert finding.kind == "verdict" and "no such drive" in finding.text.en


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ([], "--logs or --scenarios"),
        (["--logs", "nowhere.csv"], "nowhere.csv"),
        (["--scenarios", "nominal_swop"], "nominal_swap"),
        (["--logs", LOG, "--set", "truck.id=3"], "truck.id"),
        (["--logs", LOG, "--set", "controller.no.such=3"], "controller.no"),
        (["--logs", LOG, "--controller", "no_such_module:Controller"], "no_such_module"),
        (["--logs", LOG, "--baseline", "no_such_module:Controller"], "no_such_module"),
        (["--logs", LOG, "--requirements", "no_such.yaml"], "no_such.yaml"),
        (["--logs", LOG, "--approve", "no_such.yaml"], "no_such.yaml"),
        (["--logs", LOG, "--jobs", "2", "--cluster", "tcp://127.0.0.1:9"], "--jobs"),
        (["--logs", LOG, "--json", "no/such/place.json"], "--json"),
    ],
)
def test_bad_input_is_said_before_anything_is_done(words: list[str], named: str) -> None:
    done = CliRunner().invoke(app, ["validate", *words])
    assert done.exit_code == 2
    assert named in " ".join(done.output.split())
