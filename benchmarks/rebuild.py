"""Situations rebuilt from logs of a plant that the rebuild does not know: ``python -m benchmarks.rebuild``.

Each case is a swap drawn by a seed (parking error, position, what goes wrong) and played in a station with other
masses, frictions, stiffnesses and speeds and with sensors that are off and late (benchmarks/plant_log). It is logged as
plants log, without truth, parameters and scenario, imported, rebuilt, and played again in the shipped station. The
table says how far the rebuilt situation is off, and how well it reproduces the log. ``--folder`` keeps what was made;
a case that is there is not made again.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from twin import event as events
from twin.rebuild import Match, Situation, match, situations
from twin.record import Record
from twin.scenario import Scenario

#: What goes wrong, in turn: name to events of a scenario. ``b``: the bracket that is swapped.
Events = list[dict[str, Any]]
_PRESS = {"hold_s": 0.5}


def _at(rng: np.random.Generator, *phases: str) -> dict[str, Any]:
    return {"phase": str(rng.choice(phases)), "delay_s": round(float(rng.uniform(0.3, 2.0)), 2)}


def _stop_and_on(rng: np.random.Generator, first: dict[str, Any], back: dict[str, Any] | None) -> Events:
    """Something that holds the station, and an operator who lets it go on."""
    wait_s = round(float(rng.uniform(6, 20)), 1)
    found: Events = [{"id": "first", "at": _at(rng, "lower", "deliver", "return"), "do": first}]
    if back is not None:
        found.append({"id": "back", "at": {"after": "first", "delay_s": wait_s}, "do": back})
    confirm = {"operator": {"set": {"op_confirm": True}, **_PRESS}}
    return [*found, {"at": {"after": found[-1]["id"], "delay_s": wait_s}, "do": confirm}]


KINDS: dict[str, Callable[[np.random.Generator, int], Events]] = {
    "nothing": lambda rng, b: [],
    "emergency stop": lambda rng, b: [{"at": _at(rng, "take", "lower", "return", "raise"), "do": {"press_estop": {}}}],
    "lock stuck": lambda rng, b: [
        {"do": {"fault": {"name": "lock_stuck", "target": f"bracket{b}.lock{rng.integers(1, 5)}"}}}
    ],
    "hold": lambda rng, b: _stop_and_on(rng, {"operator": {"set": {"op_hold": True}, **_PRESS}}, None),
    "not seated": lambda rng, b: [
        {"at": {"phase": "fetch"}, "do": {"fault": {"name": "seat_debris", "target": f"bracket{b}.cone1"}}}
    ],
    "mains": lambda rng, b: _stop_and_on(rng, {"mains_off": {}}, {"mains_on": {}}),
    "creep": lambda rng, b: [
        {
            "at": _at(rng, "unlock"),
            "do": {
                "fault": {
                    "name": "truck_creep", "speed_m_s": round(float(rng.uniform(0.015, 0.04)), 3), "duration_s": 3,
                }
            },
        }
    ],
    "fence": lambda rng, b: [
        {
            "at": _at(rng, "approach", "take", "lower"),
            "do": {"fault": {"name": "sensor_stuck", "target": "station.safety.st_fence_closed", "value": False}},
        }
    ],
}  # fmt: skip


@dataclass
class Result:
    """One case. Errors of the rebuilt situation, and how it reproduces the log."""

    seed: int
    kind: str
    mid_swap: bool
    period_s: float
    mm: float
    deg: float
    packs: str
    happened: str
    late_s: float | None
    rows: str
    enough: bool
    phase_s: float
    stands_mm: float
    other_enough: bool | None
    text: str
    wall_s: float


def case(seed: int) -> tuple[str, list[str]]:
    """What goes wrong, and the scenario's overrides."""
    rng = np.random.default_rng([seed, 7])
    kind = list(KINDS)[seed % len(KINDS)]
    bracket = int(rng.choice([1, 2, 3]))
    drawn = {
        "offset_x_mm": rng.uniform(-35, 35), "offset_y_mm": rng.uniform(-45, 45), "yaw_deg": rng.uniform(-1.3, 1.3),
        "roll_deg": rng.uniform(-0.4, 0.4), "ride_height_mm": rng.uniform(-15, 15),
    }  # fmt: skip
    overrides = [f"truck.parking.{key}={value:.2f}" for key, value in drawn.items()]
    overrides += [
        f"truck.id=TRK-{seed:04d}", f"truck.packs={{p{bracket}: {{serial: QJ75-0101, soc_frac: 0.1}}}}",
        "time_limit_s=300", f"events={json.dumps(KINDS[kind](rng, bracket))}",
    ]  # fmt: skip
    return kind, overrides


def log_of(seed: int, folder: Path, *, plain: bool = False) -> Path:
    """A case's log, made and imported when it is not there; a plain one has no steps, states and alarms."""
    from benchmarks.plant_log import SHAPES, Run, export, plant_log, simulate
    from twin.importing import import_files

    made = folder / f"{seed}"
    if (made / "log.mcap").is_file():
        return made / "log.mcap"
    made.mkdir(parents=True, exist_ok=True)
    _, overrides = case(seed)
    if not (made / "run.mcap").is_file():
        simulate("nominal_swap", seed, made / "run.part", overrides)
        (made / "run.part").replace(made / "run.mcap")
    log = plant_log(Run.of(Record.open(made / "run.mcap")), seed, mid_swap=seed % 4 == 3, skew_s=0.0)
    if plain:
        log.tags = [tag for tag in log.tags if tag.signal.kind not in ("seq", "alm")]
    files = export(log, made, list(SHAPES)[seed % len(SHAPES)])
    import_files([files], made / "log.part", made / "map.yaml")
    (made / "log.part").replace(made / "log.mcap")
    return made / "log.mcap"


def measure(seed: int, folder: Path, other: Path | None, *, plain: bool = False) -> Result:
    """Rebuild one case and play it again. ``other``: the run of another case, which must not pass for this one's."""
    from twin.run import run_to_end
    from twin.scenario import load_scenario

    begun = time.perf_counter()
    kind, overrides = case(seed)
    truth = load_scenario("nominal_swap", overrides)
    path = log_of(seed, folder, plain=plain)
    log = Record.open(path)
    situation = situations(log)[0]
    again = path.parent / "again.mcap"
    if not again.is_file():
        run_to_end(situation.scenario, out=path.parent / "again.part")
        (path.parent / "again.part").replace(again)
    found = _match(log, again, situation)
    wrong = None if other is None else _match(log, other, situation)
    told = json.loads((path.parent / "truth.json").read_text())
    mm, deg = _parked(truth, situation.scenario)
    happened, late_s = _happened(truth, situation.scenario, _logged(path.parent / "run.mcap", told["first_ns"]))
    rows = [row for row in found.rows if row.tolerance is not None]
    phases = [row.error or 0.0 for row in rows if row.quantity.startswith("phase ") and row.unit == "s"]
    stands = [row.error or 0.0 for row in rows if row.quantity.startswith("shuttle") and row.unit == "m"]
    return Result(
        seed, kind, seed % 4 == 3, max(told["period_s"].values()), mm, deg, _packs(truth, situation.scenario), happened,
        late_s, f"{sum(row.ok for row in rows)}/{len(rows)}", found.enough,
        median(phases) if phases else float("nan"),
        1000 * max(stands, default=float("nan")), None if wrong is None else wrong.enough, found.text.en,
        time.perf_counter() - begun,
    )  # fmt: skip


def _match(log: Record, run: Path, situation: Situation) -> Match:
    return match(log, Record.open(run), start_ns=situation.start_ns, end_ns=situation.end_ns)


def _parked(truth: Scenario, found: Scenario) -> tuple[float, float]:
    a, b = truth.truck.parking, found.truck.parking
    mm = max(abs(getattr(a, key) - getattr(b, key)) for key in ("offset_x_mm", "offset_y_mm", "ride_height_mm"))
    return mm, max(abs(getattr(a, key) - getattr(b, key)) for key in ("yaw_deg", "roll_deg"))


def _packs(truth: Scenario, found: Scenario) -> str:
    """How many packs stand where they stood, by serial; of the truck's own by its position alone."""
    right = sum(
        place in found.inventory and found.inventory[place].serial == pack.serial
        for place, pack in truth.inventory.items()
    )
    right += sum(position in found.truck.packs for position in truth.truck.packs)
    return f"{right}/{len(truth.inventory) + len(truth.truck.packs)}"


def _logged(run: Path, first_ns: int) -> set[str]:
    """Ids of the events that came while the plant logged."""
    noted = [event for event in Record.open(run).events() if event.kind in ("operator", "fault", "event")]
    return {str(event.data["id"]) for event in noted if event.t_ns >= first_ns or event.t_ns == 0}


def _happened(truth: Scenario, found: Scenario, logged: set[str]) -> tuple[str, float | None]:
    """How much of what happened was found, and how far off the first of it is where it answers the same phase."""
    wanted = [_what(event.do) for name, _, event in truth.script() if name in logged]
    had = [_what(event.do) for event in found.events]
    late = None
    for a in truth.events[:1]:
        for b in found.events:
            same = _what(a.do) == _what(b.do) and isinstance(a.at, events.PhaseCondition)
            if same and isinstance(b.at, events.PhaseCondition) and b.at.phase == a.at.phase:  # type: ignore[union-attr]
                late = b.at.delay_s - a.at.delay_s  # type: ignore[union-attr]
    return f"{sum(one in had for one in wanted)}/{len(wanted)}", late


def _what(action: events.Action) -> str:
    if isinstance(action, events.FaultAction):
        return f"{action.fault.tag} {action.fault.target}"
    return ",".join(action.set) if isinstance(action, events.OperatorAction) else action.tag


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=8)
    parser.add_argument("--seed", type=int, default=100, help="the first")
    parser.add_argument("--folder", type=Path, help="keep what is made here")
    parser.add_argument("--plain", action="store_true", help="logs without the controller's steps, states and alarms")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.folder or Path(temporary)
        results, other = [], None
        print(_HEAD)
        for seed in range(given.seed, given.seed + given.count):
            one = measure(seed, folder, other, plain=given.plain)
            other = folder / f"{seed}" / "again.mcap"
            results.append(one)
            print(_line(one), flush=True)
        _summary(results, given.folder)
    return 0


_HEAD = " seed                              mm     °  packs events  late s  rows phases s  stands mm  enough"


def _line(one: Result) -> str:
    late = "" if one.late_s is None else f"{one.late_s:.2f}"
    begins = "mid-swap" if one.mid_swap else ""
    return (
        f"{one.seed:5} {one.kind:14} {begins:9} {one.mm:5.1f} {one.deg:5.2f} {one.packs:>6} {one.happened:>6}"
        f" {late:>7} {one.rows:>5} {one.phase_s:8.2f} {one.stands_mm:10.1f}  {'yes' if one.enough else one.text}"
    )


def _summary(results: list[Result], folder: Path | None) -> None:
    wrong = [one.other_enough for one in results if one.other_enough is not None]
    mm, deg = [one.mm for one in results], [one.deg for one in results]
    print(f"{sum(one.enough for one in results)} of {len(results)} are enough")
    print(f"another case's run passes for {sum(wrong)} of {len(wrong)}")
    print(f"parking off by {median(mm):.1f} mm and {median(deg):.2f}° in the median")
    print(f"and by {max(mm):.1f} mm and {max(deg):.2f}° at most")
    print(f"{sum(one.wall_s for one in results) / len(results):.0f} s a case")
    if folder is not None:
        rows = [asdict(one) for one in results]
        (folder / "rebuild.json").write_text(json.dumps(rows, indent=1), encoding="utf-8")


if __name__ == "__main__":
    raise SystemExit(main())
