"""A Result with something of everything, made by hand; times fit the shipped recording."""

from __future__ import annotations

from pathlib import Path

from twin.coverage import Coverage
from twin.validation.result import (
    Approval,
    CaseResult,
    Finding,
    FindingReason,
    InputUse,
    KnownFact,
    Match,
    MatchRow,
    PhaseTime,
    ProgramUse,
    RequirementResult,
    Result,
    Rule,
    Sentence,
    SignalValue,
    Stretch,
    Trouble,
)


def _text(en: str, zh: str) -> Sentence:
    return Sentence(en=en, zh=zh)


DIGEST = "5f2c9be01d6a4c37"
APPROVAL = Approval(
    key="open:shuttle.lift.sp_speed_m_s:*", cases=["*"], reason="The lift is to be faster from release 4.2 on",
    by="Li Wei", date="2026-11-20", program=DIGEST,
)  # fmt: skip

VIOLATION = Finding(
    key="rule:no_lift_without_brake", kind="violation", severity="safety", case="nominal_swap", mode="closed",
    text=_text(
        "The lift moves under a truck that is secured only.", "仅当车辆已固定时升降机构方可在车下动作。"
    ),
    t_ns=41_300_000_000, end_ns=41_900_000_000, count=2,
    signals=("shuttle.lift.cmd_move", "truck.interface.st_park_brake"),
    values=(
        SignalValue(signal="shuttle.lift.cmd_move", recorded=0.0, old=0.0, new=1.0),
        SignalValue(signal="truck.interface.st_park_brake", recorded=0.0, old=0.0, new=0.0),
    ),
    reasons=(
        FindingReason(
            text="truck.interface.st_park_brake", held=False, since_ns=41_000_000_000,
            values=(SignalValue(signal="truck.interface.st_park_brake", new=0.0),),
        ),
    ),
    margin=-0.6,
)  # fmt: skip
WORSE = Finding(
    key="worse:phase:raise", kind="worse", severity="process", case="nominal_swap", mode="closed",
    text=_text("Phase raise takes 14.2 s; it took 11.0 s.", "阶段 raise 用时 14.2 s；原为 11.0 s。"),
    t_ns=38_000_000_000, end_ns=52_200_000_000, signals=("shuttle.lift.pv_position_m",),
)  # fmt: skip
ROOT = Finding(
    key="open:shuttle.lift.sp_speed_m_s:value", kind="difference", case="day_17", mode="open",
    text=_text(
        "shuttle.lift.sp_speed_m_s is 0.06 m/s, recorded 0.05 m/s.",
        "shuttle.lift.sp_speed_m_s 为 0.06 m/s，记录为 0.05 m/s。",
    ),
    t_ns=40_020_000_000, end_ns=51_000_000_000, count=3, signals=("shuttle.lift.sp_speed_m_s",),
    values=(SignalValue(signal="shuttle.lift.sp_speed_m_s", recorded=0.05, old=0.05, new=0.06),), approved=APPROVAL,
)  # fmt: skip
FOLLOWER = Finding(
    key="open:shuttle.lift.cmd_move:edge early", kind="difference", case="day_17", mode="open",
    text=_text(
        "shuttle.lift.cmd_move falls 3 scans, 60 ms, early.",
        "shuttle.lift.cmd_move 提前 3 个扫描周期（60 ms）下降。",
    ),
    t_ns=50_940_000_000, signals=("shuttle.lift.cmd_move",), follows=ROOT.key,
)  # fmt: skip
EARLIER = Finding(
    key="rule:locked_before_lowering", kind="violation", severity="safety", case="day_17", mode="closed",
    text=_text("The lift lowers with all locks closed only.", "仅当全部锁止闭合后方可下降。"),
    t_ns=60_000_000_000, before=True,
)  # fmt: skip
RAISED = Finding(
    key="verdict:raised", kind="verdict", severity="process", case="lock_stuck", mode="closed",
    text=_text(
        "The controller raised at 31.40 s: ZeroDivisionError: division by zero (mine.py:88).",
        "控制器在 31.40 s 抛出异常：ZeroDivisionError: division by zero (mine.py:88)。",
    ),
    t_ns=31_400_000_000,
)  # fmt: skip


RULES = {
    "no_lift_without_brake": Rule(text=VIOLATION.text, severity="safety", clause="the station's safety concept"),
    "locks_open_in_time": Rule(text=_text("Locks open within 8 s.", "锁止在 8 s 内打开。"), severity="process"),
    "smoke_stops_charging": Rule(text=_text("Smoke stops charging.", "烟雾报警停止充电。"), severity="safety"),
}


def _scenario(record: str) -> CaseResult:
    """One in which a rule is broken and the outcome is worse."""
    shown = {"record": record}
    return CaseResult(
        name="nominal_swap", kind="scenario", mode="closed", status="judged", simulated=True, seed=1,
        findings=(VIOLATION.model_copy(update=shown), WORSE.model_copy(update=shown)),
        requirements=(
            RequirementResult(name="no_lift_without_brake", status="violated", exercised=6, old_margin=0.4),
            RequirementResult(
                name="locks_open_in_time", status="held", exercised=1, margin=0.31, old_margin=0.45
            ),
            RequirementResult(
                name="smoke_stops_charging", status="not_applicable", missing=("rack.slot1.st_smoke",)
            ),
        ),
        coverage=Coverage(
            counts={
                "step": {"raise.lift": 1, "unlock.turn": 1, "hold.wait": 0},
                "permitted": {"shuttle.lift.ilk_plus": 3},
                "forbidden": {"shuttle.lift.ilk_plus": 0},
                "alarm": {"bay.pose.alm_out_of_range": 0},
            },
            cases=1,
        ),
        phases=(
            PhaseTime(name="raise", old_s=11.0, new_s=14.2),
            PhaseTime(name="unlock", old_s=6.1, new_s=6.1),
            PhaseTime(name="depart", old_s=20.5),
        ),
        records={"old": record, "new": record}, wall_s=9.4,
    )  # fmt: skip


def _open() -> CaseResult:
    """A log in open loop: an approved difference, and one that follows from it."""
    return CaseResult(
        name="day_17", kind="log", mode="open", status="judged", findings=(ROOT, FOLLOWER),
        coverage=Coverage(counts={"step": {"raise.lift": 2, "unlock.turn": 2, "hold.wait": 0}}, cases=1),
        stretches=(
            Stretch(
                start_ns=0, end_ns=131_000_000_000, judged=((12_000_000_000, 51_500_000_000),),
                brought_by="warm-up from Idle", scans=6550, judged_scans=1975, horizon_ns=51_500_000_000,
                by="shuttle.lift.cmd_move", how="the lift would have answered 60 ms earlier", beyond=4,
            ),
        ),
        inputs=(
            InputUse(how="interpolated", why="logged each 200 ms", names=("shuttle.lift.pv_position_m",)),
            InputUse(how="held", why="logged on change", names=("truck.interface.st_park_brake",)),
            InputUse(how="missing", why="not in the log; the controller got false", names=("rack.slot1.st_smoke",)),
        ),
        records={"log": "day_17.mcap"}, wall_s=0.7,
    )  # fmt: skip


def _closed() -> CaseResult:
    """The same log rebuilt, and poorly."""
    return CaseResult(
        name="day_17", kind="log", mode="closed", status="not_enough_evidence", simulated=True,
        why=_text("The rebuilt situation does not reproduce the log.", "重建的工况未能复现该日志。"),
        findings=(EARLIER,),
        match=Match(
            with_program="station's own", score_frac=0.5, enough=False, until_ns=51_500_000_000,
            rows=(
                MatchRow(quantity="phase raise", unit="s", error=0.4, tolerance=1.0, ok=True),
                MatchRow(quantity="shuttle.lift.pv_force_n", unit="N", error=5200.0, tolerance=1500.0, ok=False),
            ),
            text=_text("1 of 2 quantities lie within their tolerance.", "2 个量中有 1 个在容差之内。"),
        ),
        known=(
            KnownFact(
                what="truck.parking.offset_y_mm", value="12.4", how="estimated", error="±2 mm",
                text=_text("The truck stood 12.4 mm left of its mark.", "车辆停在标记左侧 12.4 mm。"),
            ),
            KnownFact(
                what="packs.QJ75-0001.soc_frac", value="0.2", how="assumed", error="not in the log",
                text=_text("The charge of the pack taken off is assumed.", "换下电池包的电量为假设值。"),
            ),
        ),
        records={"log": "day_17.mcap"}, wall_s=21.0,
    )  # fmt: skip


def _raised() -> CaseResult:
    """A scenario in which the controller fails."""
    return CaseResult(
        name="lock_stuck", kind="scenario", mode="closed", status="judged", simulated=True, findings=(RAISED,), seed=1,
        coverage=Coverage(counts={"step": {"raise.lift": 1, "unlock.turn": 1, "hold.wait": 0}}, cases=1), wall_s=4.0,
    )  # fmt: skip


def _broken() -> CaseResult:
    """A log that cannot be read."""
    return CaseResult(
        name="broken", kind="log", mode="open", status="unreadable", records={"log": "broken.csv"},
        why=_text("file: expected a log, got 12 bytes that are none", "无法读取：12 字节，不是日志"),
    )  # fmt: skip


def example_result(record: str = "nominal_swap.mcap") -> Result:
    """An objection.

    Args:
        record: the file that the findings of ``nominal_swap`` open.
    """
    cases = (_scenario(record), _open(), _closed(), _raised(), _broken())
    return Result(
        program=ProgramUse(
            name="station's own, lift_speed_m_s=0.06", settings={"lift_speed_m_s": 0.06}, digest=DIGEST
        ),
        baseline=ProgramUse(name="station's own", digest="0e44c1d2a9b87f16"),
        verdict="objection",
        why=(_text("3 findings say that something is wrong.", "3 项发现表明存在错误。"),),
        cases=cases,
        coverage=Coverage.total(case.coverage for case in cases if case.status == "judged"),
        untested=(
            _text(
                "The setting hold_s differs and nothing reached the step that reads it.",
                "设置 hold_s 不同，但没有任何用例到达读取它的步骤。",
            ),
        ),
        approved=(APPROVAL,),
        stale=(Trouble(what="worse:phase:lower", text="its finding no longer occurs"),),
        troubles=(Trouble(what="broken.csv", text="file: expected a log, got 12 bytes that are none"),),
        requirements=("chassis_swap.yaml",), rules=RULES,
        versions={"swaptwin": "0.6.0", "python": "3.11.9", "pybullet": "3.2.7"},
        started_at="2026-11-22T13:05:00+08:00", wall_s=36.2,
        command="swaptwin validate --set controller.lift_speed_m_s=0.06 --logs day_17.mcap broken.csv "
        "--scenarios nominal_swap lock_stuck",
    )  # fmt: skip


if __name__ == "__main__":
    Path(__file__).with_name("example_result.json").write_text(example_result().to_json(), encoding="utf-8")
