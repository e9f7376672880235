"""Where two swaps of different pace first go apart: ``python -m benchmarks.compare [COPIES]``.

One swap is simulated. At drawn instants the process is forked, and in the copy something happens that does not in the
swap; other copies are runs from the start with another setting. So each copy is the swap bit for bit until its
difference shows: the first scan at which a compared signal is off by more than its tolerance. The copy's time is then
warped, 0.7 to 1.5 times and smoothly, and sampled anew every scan, so that neither the clock nor the order of the
samples helps. Located is a difference that is found in the right scan of the record in which it happens, or in the one
beside it. Copies without a difference must be found to have none.
"""

from __future__ import annotations

import os
import pickle
import statistics
import sys
import tempfile
import time
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from twin import event as events
from twin.analysis.compare import Comparison, Stretch, compare
from twin.analysis.compared import shipped_rules
from twin.record import Record, RecordWriter
from twin.run import Run
from twin.scenario import load_scenario
from twin.signals import Signal, SignalTable

SCAN_NS = 20_000_000
#: A copy goes on for so long after something happened in it, and after its difference shows, s.
_AFTER_S, _SHOWN_S = 20.0, 8.0
_PACE = (0.7, 1.5)
#: Copies without a difference, for each with one.
_ALIKE = 0.1

Numbers = npt.NDArray[np.float64]

#: Settings of which a few other values make copies.
_SETTINGS = {
    "truck.parking.offset_x_mm": (-30, -12, 18), "truck.parking.offset_y_mm": (-25, 10, 30),
    "truck.parking.yaw_deg": (0.6, -0.8), "truck.parking.ride_height_mm": (-15, 25),
    "controller.shuttle.take_gap_m": (0.025, 0.03), "controller.shuttle.seat_gap_m": (0.02, 0.04),
    "controller.shuttle.place_gap_m": (0.01, 0.02), "controller.shuttle.over_ledge_m": (0.05, 0.07),
    "controller.shuttle.lower_slow_m": (0.02, 0.03), "controller.crane.over_gap_m": (0.05, 0.07),
    "controller.crane.under_gap_m": (0.025, 0.04), "controller.shuttle.home_y_m": (2.74, 2.76),
}  # fmt: skip


@dataclass(frozen=True)
class Copy:
    """A run that is the swap until something else happens: of which kind, what, and where its rows from then on are."""

    kind: str
    what: str
    file: Path
    begun: int


@dataclass(frozen=True)
class Found:
    """What became of a copy: scans by which it was missed, None when no difference was found."""

    copy: Copy
    onset: int
    missed: float | None
    other_missed: float | None
    by: str
    name: str
    seconds: float


class Bench:
    """The swap, its copies, and their comparison."""

    def __init__(self, folder: Path, copies: int, seed: int = 1) -> None:
        self.folder, self.copies = folder, copies
        self.random = np.random.default_rng(seed)
        self.rules = shipped_rules()
        self.signals: list[Signal] = []
        self.swap = np.zeros((0, 0))
        self.scale = np.zeros(0)

    def simulate(self) -> list[Copy]:
        """Simulate the swap and its copies; more copies than asked for, since not all show a difference."""
        drawn = int(self.copies * 1.15) + 2
        instants = sorted(self.random.uniform(12.0, 165.0, drawn).tolist())
        files: list[tuple[Path, int]] = []
        rows: list[list[float]] = []
        with Run(load_scenario("nominal_swap"), out=None) as run:
            images = (run.inputs, run.outputs)
            self.signals = [image.table[name] for image in images for name in image.order]
            going = True
            while going:
                while instants and run.t_ns >= instants[0] * 1e9:
                    instants.pop(0)
                    files.append((self._forked(run, len(files)), len(rows)))
                going = run.scan()
                rows.append([*run.inputs.row(), *run.outputs.row()])
        self.swap = np.array(rows)
        self._prepare()
        found = [Copy(*pickle.loads(file.with_suffix(".copy").read_bytes()), begun) for file, begun in files]
        given = [(key, value) for key, values in _SETTINGS.items() for value in values]
        chosen = self.random.permutation(len(given))[: max(1, self.copies // 8)]
        return [*found, *(self._other_setting(*given[n]) for n in chosen)]

    def _forked(self, run: Run, number: int) -> Path:
        """A process of its own in which something happens now."""
        kind, action = self._draw(run)
        file = self.folder / f"copy{number}.npy"
        child = os.fork()
        if child == 0:
            code = 1
            try:
                run.cause(action)
                mine = []
                for _ in range(round(_AFTER_S * 1e9 / SCAN_NS)):
                    going = run.scan()
                    mine.append([*run.inputs.row(), *run.outputs.row()])
                    if not going:
                        break
                np.save(file, np.array(mine))
                file.with_suffix(".copy").write_bytes(pickle.dumps((kind, str(action.model_dump(mode="json")), file)))
                code = 0
            except Exception:
                traceback.print_exc()
            finally:
                os._exit(code)
        if os.waitpid(child, 0)[1]:
            raise RuntimeError(f"the copy with {action} did not run")
        return file

    def _draw(self, run: Run) -> tuple[str, events.Action]:
        """What happens: of a kind that may show soon at this instant."""
        t_s = run.t_ns / 1e9
        kinds = ["estop", "mains", "operator", "sensor flips", "sensor flips", "sensor sticks", "sensor sticks"]
        if 26 < t_s < 160:
            kinds += ["creep"]
        if 25 < t_s < 45 or 115 < t_s < 137:
            kinds += ["lock", "lock", "lock"]
        kind = str(self.random.choice(kinds))
        if kind.startswith("sensor"):
            return kind, self._sensor(run, kind == "sensor flips")
        actions: dict[str, dict[str, Any]] = {
            "estop": {"press_estop": {}}, "mains": {"mains_off": {}},
            "operator": {"operator": {"set": {str(self.random.choice(["op_hold", "op_stop"])): True}, "hold_s": 0.5}},
            "creep": {"fault": {"name": "truck_creep", "speed_m_s": float(self.random.choice([-0.1, 0.05, 0.1])),
                                "duration_s": 2.0}},
            "lock": {"fault": {"name": "lock_stuck", "target": f"bracket2.lock{self.random.integers(1, 5)}"}},
        }  # fmt: skip
        return kind, _action(actions[kind])

    def _sensor(self, run: Run, flips: bool) -> events.Action:
        """A plant's bit that says the other than now, or the same from now on."""
        bits = [s.name for s in run.inputs.table if s.kind == "st" and s.type == "bool" and "bracket1" not in s.name]
        bits = [name for name in bits if "bracket3" not in name and not name.startswith("rack.")]
        name = str(self.random.choice(bits))
        value = bool(run.inputs.get(name)) != flips
        return _action({"fault": {"name": "sensor_stuck", "target": name, "value": value}})

    def _other_setting(self, key: str, value: float) -> Copy:
        rows = []
        with Run(load_scenario("nominal_swap", [f"{key}={value}"]), out=None) as run:
            while run.scan():
                rows.append([*run.inputs.row(), *run.outputs.row()])
        mine = np.array(rows)
        n = min(len(mine), len(self.swap))
        off = np.flatnonzero((mine[:n] != self.swap[:n]).any(axis=1))
        begun = int(off[0]) if len(off) else n
        file = self.folder / f"{key}={value}.npy"
        np.save(file, mine[begun : begun + 3 * round(_AFTER_S * 1e9 / SCAN_NS)])
        return Copy("setting", f"{key}={value}", file, begun)

    def rows(self, copy: Copy) -> Numbers:
        """All rows of a copy (scans, signals): the swap's until something happens, then its own."""
        return np.concatenate([self.swap[: copy.begun], np.load(copy.file)])

    def _prepare(self) -> None:
        taken = np.array([self.rules.takes_part(signal) for signal in self.signals])
        tolerances = [self.rules.tolerance(s, self.swap[:, k]) for k, s in enumerate(self.signals)]
        self.scale = np.where(taken, np.maximum(tolerances, 1e-9), np.inf)

    def onset(self, copy: Copy) -> int | None:
        """The first scan of a copy at which a signal is off by more than its tolerance."""
        mine = np.load(copy.file)
        theirs = self.swap[copy.begun : copy.begun + len(mine)]
        off = np.flatnonzero((np.abs(mine[: len(theirs)] - theirs) > self.scale).any(axis=1))
        return copy.begun + int(off[0]) if len(off) else None

    def judge(self, copy: Copy, onset: int, baseline: Record) -> Found:
        """Warp a copy's time, and let the difference be found."""
        rows = self.rows(copy)[: onset + round(_SHOWN_S * 1e9 / SCAN_NS)]
        warped_ns = self._warp(len(rows))
        path = self.folder / "warped.mcap"
        write(path, self.signals, *sampled(warped_ns, rows, self.signals))
        began = time.perf_counter()
        comparison = compare(Stretch.whole(baseline), Stretch.whole(Record.open(path)))
        seconds = time.perf_counter() - began
        path.unlink()
        return self._found(copy, onset, warped_ns, comparison, seconds)

    def alike(self, baseline: Record) -> Comparison:
        """A copy without a difference, at another pace."""
        path = self.folder / "warped.mcap"
        write(path, self.signals, *sampled(self._warp(len(self.swap)), self.swap, self.signals))
        found = compare(Stretch.whole(baseline), Stretch.whole(Record.open(path)))
        path.unlink()
        return found

    def _found(self, copy: Copy, onset: int, warped_ns: Numbers, found: Comparison, seconds: float) -> Found:
        first = found.first
        if first is None:
            return Found(copy, onset, None, None, "", "", seconds)
        in_a = (first.a_ns - onset * SCAN_NS) / SCAN_NS
        # The first sample of the warped copy that can show it.
        in_b = (first.b_ns - np.ceil(warped_ns[onset] / SCAN_NS) * SCAN_NS) / SCAN_NS
        missed = (in_a, in_b) if first.by == "a" else (in_b, in_a)
        name = first.signals[0].signal.name if first.signals else first.group
        return Found(copy, onset, missed[0], missed[1], first.by, name, seconds)

    def _warp(self, scans: int) -> Numbers:
        """Time of each scan in a copy, ns: its pace changes every few seconds, smoothly."""
        knots = np.arange(0, scans + 400, 200)
        paces = self.random.uniform(*_PACE, len(knots))
        share = (np.arange(scans) % 200) / 200
        smooth = (1 - np.cos(np.pi * share)) / 2
        at = np.arange(scans) // 200
        pace = paces[at] * (1 - smooth) + paces[at + 1] * smooth
        return np.concatenate([[0.0], np.cumsum(pace)[:-1]]) * SCAN_NS


def sampled(warped_ns: Numbers, rows: Numbers, signals: Sequence[Signal]) -> tuple[npt.NDArray[np.int64], Numbers]:
    """Rows at their warped times, sampled anew every scan: numbers between two rows, all else as it stands."""
    t_ns = np.arange(0, int(warped_ns[-1]) + 1, SCAN_NS)
    held = rows[np.searchsorted(warped_ns, t_ns, side="right") - 1]
    for k, signal in enumerate(signals):
        if signal.type == "real":
            held[:, k] = np.interp(t_ns, warped_ns, rows[:, k])
    return t_ns, held


def write(path: Path, signals: Sequence[Signal], t_ns: npt.NDArray[np.int64], rows: Numbers) -> None:
    """A Record of signals alone."""
    tables = {"plc": SignalTable(signals)}
    with RecordWriter(path, metadata={"scan_ns": str(SCAN_NS)}, tables=tables) as writer:
        for at, row in zip(t_ns.tolist(), rows.tolist(), strict=True):
            writer.row("plc", at, row)


def _action(data: dict[str, Any]) -> events.Action:
    return events.ScenarioEvent.model_validate({"do": data}).do


def measure(copies: int, seed: int = 1) -> tuple[list[Found], list[Comparison]]:
    """Copies with a difference and what was found of them; copies without one and what was found."""
    with tempfile.TemporaryDirectory() as name:
        bench = Bench(Path(name), copies, seed)
        made = bench.simulate()
        write(Path(name, "swap.mcap"), bench.signals, np.arange(len(bench.swap)) * SCAN_NS, bench.swap)
        baseline = Record.open(Path(name, "swap.mcap"))
        shown = [(copy, onset) for copy in made[::-1] if (onset := bench.onset(copy)) is not None]
        found = [bench.judge(copy, onset, baseline) for copy, onset in shown[:copies]]
        return found, [bench.alike(baseline) for _ in range(max(1, round(copies * _ALIKE)))]


def located(found: Found) -> bool:
    """Within one sample, in the record in which it happens."""
    return found.missed is not None and abs(found.missed) <= 1.0


def main() -> None:
    copies = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    found, alike = measure(copies)
    print(f"{'difference':16}{'copies':>8}{'located':>9}{'share':>8}")
    for kind in [*sorted({one.copy.kind for one in found}), "all"]:
        mine = [one for one in found if kind in (one.copy.kind, "all")]
        good = sum(map(located, mine))
        print(f"{kind:16}{len(mine):8}{good:9}{good / len(mine):8.1%}")
    other = [abs(one.other_missed) for one in found if one.other_missed is not None]
    print(f"the aligned instant in the other record: {statistics.median(other):.1f} samples off in the median")
    print(f"copies without a difference: {len(alike)}, said to differ {sum(one.first is not None for one in alike)}")
    print(f"a comparison takes {statistics.median(one.seconds for one in found):.1f} s")
    for one in found:
        if not located(one):
            print(
                f"  missed: {one.copy.kind} {one.copy.what} at scan {one.onset}: {one.missed}, by {one.by} {one.name}"
            )


if __name__ == "__main__":
    main()
